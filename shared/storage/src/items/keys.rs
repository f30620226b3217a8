use rolecall_domain::{
    clock::{SignedDuration, Timestamp},
    ports::StoreError,
    signing::{KeyId, KeyList, PublicKey, PublishedKey, SecretKey, SecretKeys, SecretKind},
};
use serde::{Deserialize, Serialize};

use super::{V, instant};
use crate::keys::{self, Key};

/// Every key of the stack, in one item: it changes as a whole, under its version.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeyListItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    version: u64,
    keys: Vec<StoredKey>,
    #[serde(default)]
    secrets: Vec<StoredSecretKey>,
    #[serde(default)]
    slowest_hash_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended_before: Option<i64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unsealed_hashes_ended: bool,
    #[serde(rename = "enclosed")]
    pending_events: String,
}

#[derive(Serialize, Deserialize)]
struct StoredKey {
    #[serde(flatten)]
    key: PublicKey,
    signs_from: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published_at: Option<i64>,
}

/// A secret key by its id.
#[derive(Serialize, Deserialize)]
struct StoredSecretKey {
    kind: String,
    id: String,
    makes_from: i64,
}

impl From<&SecretKey> for StoredSecretKey {
    fn from(one: &SecretKey) -> Self {
        Self {
            kind: one.kind.as_str().to_owned(),
            id: one.id.to_string(),
            makes_from: one.makes_from.as_millisecond(),
        }
    }
}

impl TryFrom<StoredSecretKey> for SecretKey {
    type Error = StoreError;

    fn try_from(stored: StoredSecretKey) -> Result<Self, StoreError> {
        let kind = SecretKind::from_name(&stored.kind);
        let id = KeyId::from_name(&stored.id);
        let (Some(kind), Some(id)) = (kind, id) else {
            return Err(StoreError::Broken("a secret key of the list cannot be read".to_owned()));
        };
        Ok(Self { kind, id, makes_from: instant(stored.makes_from)? })
    }
}

impl KeyListItem {
    pub(crate) fn new(list: &KeyList, pending_events: String) -> Self {
        let stored = |one: &PublishedKey| StoredKey {
            key: one.key.clone(),
            signs_from: one.signs_from.as_millisecond(),
            published_at: one.published_at.map(Timestamp::as_millisecond),
        };
        Self {
            key: keys::key_directory(),
            entity: "keys".to_owned(),
            v: V,
            version: list.version,
            keys: list.keys.iter().map(stored).collect(),
            secrets: list.secrets.0.iter().map(StoredSecretKey::from).collect(),
            slowest_hash_ms: i64::try_from(list.slowest_hash.as_millis()).unwrap_or(i64::MAX),
            ended_before: list.ended_before.map(Timestamp::as_millisecond),
            unsealed_hashes_ended: list.unsealed_hashes_ended,
            pending_events,
        }
    }
}

impl TryFrom<KeyListItem> for KeyList {
    type Error = StoreError;

    fn try_from(stored: KeyListItem) -> Result<Self, StoreError> {
        let key = |one: StoredKey| {
            Ok(PublishedKey {
                key: one.key,
                signs_from: instant(one.signs_from)?,
                published_at: one.published_at.map(instant).transpose()?,
            })
        };
        Ok(Self {
            version: stored.version,
            slowest_hash: SignedDuration::from_millis(stored.slowest_hash_ms),
            ended_before: stored.ended_before.map(instant).transpose()?,
            unsealed_hashes_ended: stored.unsealed_hashes_ended,
            keys: stored.keys.into_iter().map(key).collect::<Result<_, StoreError>>()?,
            secrets: SecretKeys(
                stored
                    .secrets
                    .into_iter()
                    .map(SecretKey::try_from)
                    .collect::<Result<_, StoreError>>()?,
            ),
        })
    }
}
