use rolecall_domain::{
    ports::StoreError,
    signing::{KeyList, PublicKey, PublishedKey},
};
use serde::{Deserialize, Serialize};

use super::{V, instant};
use crate::keys::{self, Key};

/// Every published key, in one item: it changes as a whole, under its version.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeyListItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    version: u64,
    keys: Vec<StoredKey>,
    #[serde(rename = "enclosed")]
    pending_events: String,
}

#[derive(Serialize, Deserialize)]
struct StoredKey {
    #[serde(flatten)]
    key: PublicKey,
    signs_from: i64,
}

impl KeyListItem {
    pub(crate) fn new(list: &KeyList, pending_events: String) -> Self {
        let stored = |one: &PublishedKey| StoredKey {
            key: one.key.clone(),
            signs_from: one.signs_from.as_millisecond(),
        };
        Self {
            key: keys::key_directory(),
            entity: "keys".to_owned(),
            v: V,
            version: list.version,
            keys: list.keys.iter().map(stored).collect(),
            pending_events,
        }
    }
}

impl TryFrom<KeyListItem> for KeyList {
    type Error = StoreError;

    fn try_from(stored: KeyListItem) -> Result<Self, StoreError> {
        let key = |one: StoredKey| {
            Ok(PublishedKey { key: one.key, signs_from: instant(one.signs_from)? })
        };
        Ok(Self {
            version: stored.version,
            keys: stored.keys.into_iter().map(key).collect::<Result<_, StoreError>>()?,
        })
    }
}
