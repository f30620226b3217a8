use async_trait::async_trait;

use super::StoreError;
use crate::clock::{SignedDuration, Timestamp, after};

/// An `Idempotency-Key` as it came with a request that makes a `T`.
pub struct Once<'a, T> {
    /// Hash of scope and key.
    pub key: [u8; 32],
    /// Keyed hash of the body: the body may hold a password.
    pub fingerprint: [u8; 32],
    /// Makes the answer that a repetition gets.
    pub answer: &'a (dyn Fn(&T) -> FirstAnswer + Send + Sync),
}

/// How long a key is remembered.
const KEY_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

impl<T> Once<'_, T> {
    /// What is written with the change.
    #[must_use]
    pub fn record(&self, made: &T, now: Timestamp) -> OnceRecord {
        OnceRecord {
            key: self.key,
            fingerprint: self.fingerprint,
            answer: (self.answer)(made),
            expires_at: after(now, KEY_LIFETIME),
        }
    }
}

/// An `Idempotency-Key` with the answer that it got.
#[derive(Debug, Clone)]
pub struct OnceRecord {
    /// Hash of scope and key.
    pub key: [u8; 32],
    /// Keyed hash of the body.
    pub fingerprint: [u8; 32],
    /// The answer.
    pub answer: FirstAnswer,
    /// Forgotten from then on.
    pub expires_at: Timestamp,
}

/// An answer that is given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAnswer {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// What is remembered of an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remembered {
    /// Nothing.
    Nothing,
    /// The same body got this answer.
    Answer(FirstAnswer),
    /// It came with another body.
    OtherBody,
}

/// First answers.
#[async_trait]
pub trait AnswerStore: Send + Sync {
    /// What is remembered of a key, strongly consistent.
    async fn answer(
        &self,
        key: &[u8; 32],
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Result<Remembered, StoreError>;
}
