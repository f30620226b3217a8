use std::fmt::Write;

use rolecall_domain::{
    clock::Timestamp,
    ports::{FirstAnswer, OnceRecord, StoreError},
};
use serde::{Deserialize, Serialize};

use super::V;
use crate::{
    keys::{self, Key},
    store::{Item, from_item},
};

/// An idempotency key and the answer that it got.
#[derive(Serialize, Deserialize)]
pub(crate) struct OnceItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    fingerprint: String,
    status: u16,
    body: String,
    expires_at: i64,
}

impl From<&OnceRecord> for OnceItem {
    fn from(once: &OnceRecord) -> Self {
        Self {
            key: Self::key(&once.key),
            entity: "once".to_owned(),
            v: V,
            fingerprint: hex(&once.fingerprint),
            status: once.answer.status,
            body: once.answer.body.clone(),
            expires_at: once.expires_at.as_second(),
        }
    }
}

impl OnceItem {
    /// Where a key is kept.
    pub(crate) fn key(key: &[u8; 32]) -> Key {
        keys::once(&hex(key))
    }

    /// Whether it is still to be remembered.
    pub(crate) fn is_remembered(&self, now: Timestamp) -> bool {
        self.expires_at > now.as_second()
    }

    /// The answer, if the body was the same, of the item that refused a request with a key.
    pub(crate) fn answer_in(
        refused: Option<Item>,
        once: &OnceRecord,
    ) -> Result<Option<FirstAnswer>, StoreError> {
        Ok(refused
            .map(from_item::<Self>)
            .transpose()?
            .and_then(|item| item.answer_of(&once.fingerprint)))
    }

    /// The answer, if the body had this fingerprint.
    pub(crate) fn answer_of(self, fingerprint: &[u8; 32]) -> Option<FirstAnswer> {
        (self.fingerprint == hex(fingerprint)).then_some(FirstAnswer {
            status: self.status,
            body: self.body,
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
