//! What the domain needs from outside: small traits, one method an atomic access pattern.
//!
//! Every adapter of a port passes the port's contract suite in `tests/contracts`.

mod accounts;
mod activities;
mod activity_stats;
mod activity_stream;
mod administration;
mod crypto;
mod idempotency;
mod mail;
mod recovery;
mod sessions;

use std::error::Error;

pub use accounts::{
    AccountChange, AccountStore, Activation, Credentials, EmailUpdate, LoginRecord, NewAccount,
    Owner, Registration, Update,
};
pub use activities::{ActivityStore, Recorded};
pub use activity_stats::{ActivityStatsStore, Counter};
pub use activity_stream::{
    ActivityStreamGroup, ActivityStreamHead, ActivityStreamStore, EntryChange, Filing,
};
pub use administration::{
    CatalogueWrite, CatalogueWritten, DefinitionStore, MemberStore, MemberWrite, MemberWritten,
    OrganizationStore, OrganizationWrite, OrganizationWritten,
};
pub use crypto::{
    Derivation, KeyDirectory, KeyError, PasswordError, Passwords, Secrets, SigningKeys, TokenError,
    Tokens, Verdict, VerifiedToken,
};
pub use idempotency::{
    Idempotency, IdempotencyRecord, IdempotencyStore, Remembered, StoredResponse,
};
pub use mail::{Claim, MailError, Mailer, Outbox};
pub use recovery::{Limits, OneTimeTokenStore};
pub use sessions::{CallerRecord, CatalogueState, PresenceStore, Rotated, Seen, SessionStore, Use};

/// Why the store did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It throttles, is away, or lost every race for this write: try again later (503). Whether a
    /// write happened is not known.
    #[error("the store is unavailable")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// It answered what this program cannot have written, or refused a request as wrong: a bug
    /// (500).
    #[error("the store answered nonsense: {0}")]
    Broken(String),
}
