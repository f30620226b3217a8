use crate::{
    account::Registered,
    clock::{SignedDuration, Timestamp, after},
};

/// An `Idempotency-Key` as it came with a request.
pub struct Once<'a> {
    /// Hash of scope and key.
    pub key: [u8; 32],
    /// Keyed hash of the body: the body may hold a password.
    pub fingerprint: [u8; 32],
    /// Makes the answer that a repetition gets.
    pub answer: &'a (dyn Fn(&Registered) -> FirstAnswer + Send + Sync),
}

/// How long a key is remembered.
const KEY_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

impl Once<'_> {
    /// What is written with the change.
    #[must_use]
    pub fn record(&self, registered: &Registered, now: Timestamp) -> OnceRecord {
        OnceRecord {
            key: self.key,
            fingerprint: self.fingerprint,
            answer: (self.answer)(registered),
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
