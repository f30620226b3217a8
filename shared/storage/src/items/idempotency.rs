use std::fmt::Write;

use rolecall_domain::{
    clock::Timestamp,
    idempotency::{IdempotencyRecord, StoredResponse},
    ports::{Refused, StoreError},
};
use serde::{Deserialize, Serialize};

use super::V;
use crate::{
    keys::{self, Key},
    store::{Item, from_item},
};

/// An idempotency key and the answer that it got.
#[derive(Serialize, Deserialize)]
pub(crate) struct IdempotencyItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    fingerprint: String,
    status: u16,
    body: String,
    expires_at: i64,
}

impl From<&IdempotencyRecord> for IdempotencyItem {
    fn from(idempotency: &IdempotencyRecord) -> Self {
        Self {
            key: Self::key(&idempotency.key),
            entity: "once".to_owned(),
            v: V,
            fingerprint: hex(&idempotency.fingerprint),
            status: idempotency.response.status,
            body: idempotency.response.body.clone(),
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
    pub(crate) fn refusal(
        found: Option<Item>,
        fingerprint: &[u8; 32],
    ) -> Result<Refused, StoreError> {
        let found = found.map(from_item::<Self>).transpose()?;
        let first = found.and_then(|item| item.response_of(fingerprint));
        Ok(first.map_or(Refused::KeyReused, Refused::Replayed))
    }

    /// The answer, if the body had this fingerprint.
    pub(crate) fn response_of(self, fingerprint: &[u8; 32]) -> Option<StoredResponse> {
        (self.fingerprint == hex(fingerprint))
            .then_some(StoredResponse { status: self.status, body: self.body })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
