//! Statistics weigh a third of a mebibyte: only functions whose `main` asks for them link them.

use std::sync::Arc;

use async_trait::async_trait;
use rolecall_domain::{
    clock::Timestamp,
    ports::{Counter, StatsStore, StoreError},
    stats::{self, Period, Tally},
};
use rolecall_storage::Store;

/// Makes the port of a request.
pub(crate) type Statistics = fn(&Store) -> Arc<dyn StatsStore>;

/// The table's.
pub(crate) fn linked(store: &Store) -> Arc<dyn StatsStore> {
    Arc::new(store.clone())
}

/// Of a function that does not look at them.
pub(crate) fn unlinked(_: &Store) -> Arc<dyn StatsStore> {
    Arc::new(Unlinked)
}

struct Unlinked;

fn broken<T>() -> Result<T, StoreError> {
    Err(StoreError::Broken("this function links no statistics: see its main".to_owned()))
}

#[async_trait]
impl StatsStore for Unlinked {
    async fn watermark(&self) -> Result<Option<Timestamp>, StoreError> {
        broken()
    }

    async fn move_watermark(&self, _: Timestamp) -> Result<(), StoreError> {
        broken()
    }

    async fn count(&self, _: &str, _: Timestamp, _: Timestamp, _: &mut Counter<'_>) -> Result<(), StoreError> {
        broken()
    }

    async fn first(&self, _: &str, _: Timestamp, _: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        broken()
    }

    async fn put(&self, _: &str, _: Period, _: Timestamp, _: &Tally) -> Result<(), StoreError> {
        broken()
    }

    async fn statistics(&self, _: &str, _: Period, _: Timestamp, _: Timestamp) -> Result<Vec<stats::Statistics>, StoreError> {
        broken()
    }

    async fn whole(&self, _: &str, _: Period, _: Timestamp, _: Timestamp) -> Result<Vec<(Timestamp, Tally)>, StoreError> {
        broken()
    }
}
