use async_trait::async_trait;

use super::StoreError;
use crate::activity::Activity;

/// The log of what happened.
#[async_trait]
pub trait ActivityStore: Send + Sync {
    /// Writes one activity that belongs to no change.
    async fn record(&self, activity: &Activity) -> Result<(), StoreError>;
    /// Files what a change enclosed, as the table's stream tells of it: activity and mails, each once, however often
    /// it is told.
    async fn file(&self, enclosed: &str) -> Result<(), StoreError>;
}
