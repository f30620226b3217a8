use std::collections::BTreeMap;

use serde_json::Value;

use super::error::StoreError;
use crate::model::{
    activity::Activity,
    activity_stream::{ActivityStreamHead, Entry, Filing, State, Templates},
    clock::Timestamp,
    ids::{EntryId, WriteId},
};

/// A change of an entry by hand.
#[derive(Debug, Clone, Copy)]
pub struct EntryChange<'a> {
    /// The version that was read.
    pub before: u64,
    /// The entry as it is to be.
    pub after: &'a Entry,
    /// The pinned entries as they were and as they are to be, where they change.
    pub pins: Option<(&'a [EntryId], &'a [EntryId])>,
    pub activity: &'a Activity,
}

/// The activity streams of organizations. What is filed next depends on heads, states and entries:
/// those MUST be read strongly.
#[trait_variant::make(Send)]
pub trait ActivityStreamStore: Send + Sync {
    /// The head of an organization's activity stream.
    async fn activity_stream_head(
        &self,
        organization: &str,
    ) -> Result<ActivityStreamHead, StoreError>;
    /// The head, and of some groups the entries that were opened since an instant, and the one
    /// before those.
    async fn activity_stream_state(
        &self,
        organization: &str,
        groups: &BTreeMap<String, Timestamp>,
    ) -> Result<State, StoreError>;
    /// MUST do all of it in one transaction, or nothing.
    async fn commit_entries(&self, filing: &Filing, write: WriteId) -> Result<(), StoreError>;
    /// Some entries, in no order.
    async fn entries(&self, organization: &str, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError>;
    /// Entries before one, newest first; it may miss what was opened just now.
    async fn newest_entries(
        &self,
        organization: &str,
        before: Option<EntryId>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError>;
    /// Entries after one, oldest first; it may miss what was opened just now.
    async fn oldest_entries(
        &self,
        organization: &str,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError>;
    /// MUST write entry, pins and record in one transaction, or nothing.
    async fn change_entry(
        &self,
        change: &EntryChange<'_>,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// An activity as the table's stream tells of it: its item in DynamoDB's JSON.
    fn activity_of_image(&self, image: &Value) -> Result<Activity, StoreError>;
    /// The templates that an operator gave.
    async fn templates(&self) -> Result<Templates, StoreError>;
    /// MUST put templates over the version before theirs, with their record in one transaction, or
    /// nothing.
    async fn put_templates(
        &self,
        templates: &Templates,
        activity: &Activity,
        write: WriteId,
    ) -> Result<(), StoreError>;
}
