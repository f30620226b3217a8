//! Statistics and the feed weigh something: only functions whose `main` asks for them link them.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use rolecall_domain::{
    Apart,
    activity::Activity,
    activity_stats::{self, Period, Tally},
    activity_stream::{Entry, State, Templates},
    clock::Timestamp,
    ids::{EntryId, WriteId},
    ports::{
        ActivityStatsStore, ActivityStreamHead, ActivityStreamStore, Counter, EntryChange, Filing,
        StoreError,
    },
};
use rolecall_storage::Store;
use serde_json::Value;

/// Makes the ports of a request that few functions link.
#[derive(Debug, Clone, Copy)]
pub struct Linked(fn(&Store) -> Apart);

/// Of a function that looks at neither.
pub(crate) const NOTHING: Linked =
    Linked(|_| Apart { activity_stats: Arc::new(Unlinked), activity_stream: Arc::new(Unlinked) });

/// Of a function that looks at statistics.
pub const STATISTICS: Linked = Linked(|store| Apart {
    activity_stats: Arc::new(store.clone()),
    activity_stream: Arc::new(Unlinked),
});

/// Of a function that looks at the feed.
pub const FEED: Linked = Linked(|store| Apart {
    activity_stats: Arc::new(Unlinked),
    activity_stream: Arc::new(store.clone()),
});

impl Linked {
    pub(crate) fn ports(self, store: &Store) -> Apart {
        (self.0)(store)
    }
}

struct Unlinked;

fn broken<T>() -> Result<T, StoreError> {
    Err(StoreError::Broken("this function does not link that: see its main".to_owned()))
}

#[async_trait]
impl ActivityStatsStore for Unlinked {
    async fn watermark(&self) -> Result<Option<Timestamp>, StoreError> {
        broken()
    }

    async fn move_watermark(&self, _: Timestamp) -> Result<(), StoreError> {
        broken()
    }

    async fn count(
        &self,
        _: &str,
        _: Timestamp,
        _: Timestamp,
        _: &mut Counter<'_>,
    ) -> Result<(), StoreError> {
        broken()
    }

    async fn first(
        &self,
        _: &str,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        broken()
    }

    async fn put(&self, _: &str, _: Period, _: Timestamp, _: &Tally) -> Result<(), StoreError> {
        broken()
    }

    async fn statistics(
        &self,
        _: &str,
        _: Period,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Vec<activity_stats::Statistics>, StoreError> {
        broken()
    }

    async fn whole(
        &self,
        _: &str,
        _: Period,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Vec<(Timestamp, Tally)>, StoreError> {
        broken()
    }
}

#[async_trait]
impl ActivityStreamStore for Unlinked {
    async fn head(&self, _: &str) -> Result<ActivityStreamHead, StoreError> {
        broken()
    }

    async fn state(&self, _: &str, _: &BTreeMap<String, Timestamp>) -> Result<State, StoreError> {
        broken()
    }

    async fn commit(&self, _: &Filing, _: WriteId) -> Result<bool, StoreError> {
        broken()
    }

    async fn entries(&self, _: &str, _: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        broken()
    }

    async fn newest(
        &self,
        _: &str,
        _: Option<EntryId>,
        _: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        broken()
    }

    async fn oldest(
        &self,
        _: &str,
        _: Option<EntryId>,
        _: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        broken()
    }

    async fn change(&self, _: &EntryChange<'_>, _: WriteId) -> Result<bool, StoreError> {
        broken()
    }

    fn activity(&self, _: &Value) -> Result<Activity, StoreError> {
        broken()
    }

    async fn templates(&self) -> Result<Templates, StoreError> {
        broken()
    }

    async fn put_templates(
        &self,
        _: &Templates,
        _: &Activity,
        _: WriteId,
    ) -> Result<bool, StoreError> {
        broken()
    }
}
