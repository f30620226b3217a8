//! What an `Idempotency-Key` came with, and the answer that it got.

use super::clock::{SignedDuration, Timestamp};

/// An `Idempotency-Key` as it came with a request that makes a `T`.
pub struct Idempotency<'a, T> {
    /// Hash of scope and key.
    pub key: [u8; 32],
    /// Hash of the body, which may hold a password: it is kept sealed.
    pub fingerprint: [u8; 32],
    /// How long the key is remembered.
    pub lifetime: SignedDuration,
    /// Makes the answer that a repetition gets.
    pub response: &'a (dyn Fn(&T) -> StoredResponse + Send + Sync),
}

/// How long a key is remembered.
pub const KEY_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// How long one is remembered whose answer holds a secret.
pub const SECRET_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// An `Idempotency-Key` with the answer that it got.
#[derive(Debug, Clone)]
pub struct IdempotencyRecord {
    /// Hash of scope and key.
    pub key: [u8; 32],
    pub response: SealedResponse,
    /// Forgotten from then on.
    pub expires_at: Timestamp,
}

/// The body's fingerprint and the answer, sealed for their key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedResponse(pub Vec<u8>);

/// An answer that is given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    pub status: u16,
    pub etag: Option<u64>,
    pub body: String,
}
