use serde_json::Value;

use super::error::StoreError;
use crate::model::{
    account::DueErasure, activity::Activity, activity_stream::Entry, clock::Timestamp, ids::UserId,
};

/// What tells of an account, and its end. Accounts that are to be erased are listed with the change
/// that says so ([`super::AccountStore::change_account`]).
#[trait_variant::make(Send)]
pub trait ErasureStore: Send + Sync {
    /// Erasures that are due at `now`, the longest due first, behind `after`, at most `limit`.
    async fn due_erasures(
        &self,
        now: Timestamp,
        after: Option<DueErasure>,
        limit: usize,
    ) -> Result<Vec<DueErasure>, StoreError>;
    /// An erasure as the table's stream tells of it: its item in DynamoDB's JSON.
    fn erasure_of_image(&self, image: &Value) -> Result<DueErasure, StoreError>;
    /// Lists an erasure that is to go on then. Again is no error.
    async fn list_erasure(&self, due: DueErasure) -> Result<(), StoreError>;
    /// Takes an erasure off the list. Again is no error.
    async fn end_erasure(&self, due: DueErasure) -> Result<(), StoreError>;
    /// Up to which position the traces of a user are erased, as it was noted.
    async fn erased_up_to(&self, due: DueErasure) -> Result<Option<String>, StoreError>;
    /// Notes that on the list; of one that is on no list, nothing.
    async fn note_erased(&self, due: DueErasure, position: &str) -> Result<(), StoreError>;
    /// A page of the activities that a user did or that were done to them, behind a position, each
    /// with its position. MUST read strongly.
    async fn traces(
        &self,
        user: UserId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Activity)>, StoreError>;
    /// MUST put names, client and details of `after` in the place of those of the activity and of
    /// each of its entries, that of `user` last: a trace that is found is not done. Where `user`
    /// did it to somebody else, or invited, MUST take the name away from what tells of it there.
    async fn erase_trace(&self, user: UserId, after: &Activity) -> Result<(), StoreError>;
    /// Ends of a user what has a key of its own: sessions, one-time tokens
    /// and API keys.
    async fn forget_sessions(&self, user: UserId) -> Result<(), StoreError>;
    /// Shows an entry of an activity stream otherwise, while it is at its version; one that has
    /// changed stays.
    async fn show_entry(&self, entry: &Entry) -> Result<(), StoreError>;
}
