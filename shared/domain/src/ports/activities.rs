use async_trait::async_trait;

use super::StoreError;
use crate::{activity::Activity, ids::UserId};

/// The log of what happened.
#[async_trait]
pub trait ActivityStore: Send + Sync {
    /// Writes one activity that belongs to no change.
    async fn record(&self, activity: &Activity) -> Result<(), StoreError>;
    /// Files what a change enclosed, as the table's stream tells of it: activity and mails, each once, however often
    /// it is told. `organization` is that of the item which encloses it, where that has one.
    async fn file(&self, enclosed: &str, organization: Option<&str>) -> Result<(), StoreError>;
    /// Brings a new account into the list of all accounts, where its own write did not.
    async fn list(&self, user: UserId) -> Result<(), StoreError>;
}
