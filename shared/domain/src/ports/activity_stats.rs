use super::error::StoreError;
use crate::model::{
    activity_stats::{Counted, Period, Statistics, Tally},
    clock::Timestamp,
};

/// How far statistics are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watermark {
    /// Up to where minutes were counted.
    pub counted_to: Timestamp,
    /// From this hour on it is noted in which logs something happened; before, any may have
    /// something.
    pub noted_from: Option<Timestamp>,
}

/// What takes the activities that are read: when, and what is counted of it.
pub type Counter<'a> = dyn FnMut(Timestamp, Counted<'_>) + Send + 'a;

#[trait_variant::make(Send)]
pub trait ActivityStatsStore: Send + Sync {
    /// Up to where minutes were counted, or were a moment ago: who counts from there counts again.
    async fn watermark(&self) -> Result<Option<Watermark>, StoreError>;
    /// Moves it forward; back it MUST NOT go.
    async fn move_watermark(&self, to: Watermark) -> Result<(), StoreError>;
    /// Notes that an organization's statistics of an hour could not be made. Again is no error.
    async fn mark_behind(&self, organization: &str, hour: Timestamp) -> Result<(), StoreError>;
    /// The hours that could not be made, oldest first, at most `limit`.
    async fn behind(&self, limit: usize) -> Result<Vec<(Timestamp, String)>, StoreError>;
    /// Takes such a note back.
    async fn no_longer_behind(&self, organization: &str, hour: Timestamp)
    -> Result<(), StoreError>;
    /// Gives every activity of an organization in a time to `counter`, in no order, reading its
    /// shards side by side. MUST hold no more than a page of each shard at once.
    async fn count_activities(
        &self,
        organization: &str,
        from: Timestamp,
        until: Timestamp,
        counter: &mut Counter<'_>,
    ) -> Result<(), StoreError>;
    /// The hours that begin in a time, and the logs in which something happened in each: what
    /// happened a moment ago may be missing. MUST read nothing of others.
    async fn log_hours(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(Timestamp, String)>, StoreError>;
    /// Puts the statistics of a period in the place of what is there.
    async fn put_statistics(
        &self,
        organization: &str,
        period: Period,
        start: Timestamp,
        tally: &Tally,
    ) -> Result<(), StoreError>;
    /// The statistics of the periods that begin in a time, without everybody in them, in no order.
    async fn statistics(
        &self,
        organization: &str,
        period: Period,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Statistics>, StoreError>;
    /// The statistics of the periods that begin in a time, with everybody in them, oldest first.
    async fn whole_statistics(
        &self,
        organization: &str,
        period: Period,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(Timestamp, Tally)>, StoreError>;
}
