use super::error::StoreError;
use crate::model::{
    activity::{Activity, LogIndex, LogPage, Range},
    clock::Timestamp,
    event::Category,
    idempotency::IdempotencyRecord,
    ids::{ActivityId, UserId, WriteId},
    organization::LogKey,
};

/// Pending events that can never be filed.
#[derive(Debug, Clone, Copy)]
pub struct SetAside<'a> {
    /// The number of their record in the table's stream.
    pub record: &'a str,
    pub pending_events: &'a str,
    /// The organization of the item that carries them.
    pub organization: Option<&'a str>,
    pub reason: &'a str,
}

/// The log of what happened. Reads are eventually consistent: nothing is decided on them.
#[trait_variant::make(Send)]
pub trait ActivityStore: Send + Sync {
    /// Writes one activity that belongs to no change; its entries are made later.
    async fn record(&self, activity: &Activity) -> Result<(), StoreError>;
    /// Writes up to 25 with their entries, each on its own; answers the ids of those that a busy
    /// store did not take. MUST be found by every filter when it answers.
    async fn record_all(&self, activities: &[&Activity]) -> Result<Vec<ActivityId>, StoreError>;
    /// MUST write up to 25 and their idempotency key in one transaction, or nothing. Refuses with
    /// `Replayed`, `KeyReused`.
    async fn record_with(
        &self,
        activities: &[&Activity],
        idempotency: &IdempotencyRecord,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// Files the pending events of a change, as the table's stream tells of it: activity and mails,
    /// each once, however often it is told; answers the activity. `organization` is that of the
    /// item that carries it, where that has one.
    async fn file_pending_events(
        &self,
        pending_events: &str,
        organization: Option<&str>,
    ) -> Result<Option<Activity>, StoreError>;
    /// Makes the entries of an activity that was written without, and lists its type. Again is no
    /// error. MUST be found by every filter before, too.
    async fn index_activity(&self, activity: &Activity) -> Result<(), StoreError>;
    /// Notes that something happened in the activity's hour in its log; whether that is news.
    async fn note_hour(&self, activity: &Activity) -> Result<bool, StoreError>;
    /// Keeps pending events that can never be filed, for whoever repairs them. Again is no error.
    async fn set_aside(&self, set_aside: &SetAside<'_>, now: Timestamp) -> Result<(), StoreError>;
    /// Brings a new account into the list of all accounts, where its own write did not.
    async fn list_account(&self, user: UserId) -> Result<(), StoreError>;
    /// Activities of some sources, newest first: `want` of them, or fewer when some source has to
    /// be read on first. MUST leave none out that is newer than the one it says it reached.
    async fn read_log(
        &self,
        indexes: &[LogIndex],
        range: &Range,
        want: usize,
    ) -> Result<LogPage, StoreError>;
    /// The logs that have activities which a user has to do with, at most `limit`: as many reads as
    /// there are.
    async fn logs_of(&self, user: UserId, limit: usize) -> Result<Vec<LogKey>, StoreError>;
    /// One activity of an organization.
    async fn activity(
        &self,
        organization: &str,
        id: ActivityId,
    ) -> Result<Option<Activity>, StoreError>;
    /// The listed types that an organization has activities of in a category; the others are in
    /// [`LogIndex::Unlisted`]. `None` where there are others from before that are in no index. MUST
    /// read a bounded number.
    async fn activity_types(
        &self,
        organization: &str,
        category: Category,
    ) -> Result<Option<Vec<String>>, StoreError>;
}
