//! What an `Idempotency-Key` came with, and the answer that it got.

use super::clock::{SignedDuration, Timestamp, after};

/// An `Idempotency-Key` as it came with a request that makes a `T`.
pub struct Idempotency<'a, T> {
    /// Hash of scope and key.
    pub key: [u8; 32],
    /// Keyed hash of the body: the body may hold a password.
    pub fingerprint: [u8; 32],
    /// Makes the answer that a repetition gets.
    pub response: &'a (dyn Fn(&T) -> StoredResponse + Send + Sync),
}

/// How long a key is remembered.
const KEY_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

impl<T> Idempotency<'_, T> {
    /// What is written with the change.
    #[must_use]
    pub fn record(&self, made: &T, now: Timestamp) -> IdempotencyRecord {
        IdempotencyRecord {
            key: self.key,
            fingerprint: self.fingerprint,
            response: (self.response)(made),
            expires_at: after(now, KEY_LIFETIME),
        }
    }
}

/// An `Idempotency-Key` with the answer that it got.
#[derive(Debug, Clone)]
pub struct IdempotencyRecord {
    /// Hash of scope and key.
    pub key: [u8; 32],
    /// Keyed hash of the body.
    pub fingerprint: [u8; 32],
    pub response: StoredResponse,
    /// Forgotten from then on.
    pub expires_at: Timestamp,
}

/// An answer that is given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    pub status: u16,
    pub body: String,
}

/// What is remembered of an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remembered {
    Nothing,
    /// The same body got this answer.
    Response(StoredResponse),
    /// It came with another body.
    OtherBody,
}
