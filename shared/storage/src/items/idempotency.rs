use std::fmt::Write;

use rolecall_domain::{
    clock::Timestamp,
    idempotency::{IdempotencyRecord, SealedResponse},
    ports::{Refused, StoreError},
};
use serde::{Deserialize, Serialize};

use super::V;
use crate::{
    keys::{self, Key},
    store::{Item, from_item},
};

/// An idempotency key and the answer that it got, sealed.
#[derive(Serialize, Deserialize)]
pub(crate) struct IdempotencyItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    sealed: String,
    expires_at: i64,
}

impl From<&IdempotencyRecord> for IdempotencyItem {
    fn from(idempotency: &IdempotencyRecord) -> Self {
        Self {
            key: Self::key(&idempotency.key),
            entity: "once".to_owned(),
            v: V,
            sealed: super::base64(&idempotency.response.0),
            expires_at: idempotency.expires_at.as_second(),
        }
    }
}

impl IdempotencyItem {
    /// Where a key is kept.
    pub(crate) fn key(key: &[u8; 32]) -> Key {
        keys::idempotency(&hex(key))
    }

    /// Whether it is still to be remembered.
    pub(crate) fn is_remembered(&self, now: Timestamp) -> bool {
        self.expires_at > now.as_second()
    }

    /// What it means for a request with a key that this item is there.
    pub(crate) fn refusal(found: Option<Item>) -> Result<Refused, StoreError> {
        let found = found.map(from_item::<Self>).transpose()?;
        found.map_or(Ok(Refused::Stale), |item| Ok(Refused::Replayed(item.response()?)))
    }

    /// The answer.
    pub(crate) fn response(&self) -> Result<SealedResponse, StoreError> {
        super::from_base64(&self.sealed).map(SealedResponse)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
