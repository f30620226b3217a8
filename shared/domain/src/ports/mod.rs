//! What the domain needs from outside: small traits, one method an atomic access pattern.
//!
//! Every adapter of a port passes the port's contract suite in `tests/contracts`.

mod accounts;
mod activities;
mod administration;
mod crypto;
mod feed;
mod mail;
mod once;
mod recovery;
mod sessions;
mod stats;

use std::error::Error;

pub use accounts::{
    AccountChange, AccountStore, Activation, Credentials, EmailUpdate, LoginRecord, NewAccount,
    Owner, Registration, Update,
};
pub use activities::{ActivityStore, Recorded};
pub use administration::{
    CatalogueWrite, CatalogueWritten, DefinitionStore, MemberStore, MemberWrite, MemberWritten,
    OrganizationStore, OrganizationWrite, OrganizationWritten,
};
pub use crypto::{
    Derivation, KeyDirectory, KeyError, PasswordError, Passwords, Secrets, SigningKeys, TokenError,
    Tokens, Verdict, VerifiedToken,
};
pub use feed::{EntryChange, FeedGroup, FeedHead, FeedStore, Filing};
pub use mail::{Claim, MailError, Mailer, Outbox};
pub use once::{AnswerStore, FirstAnswer, Once, OnceRecord, Remembered};
pub use recovery::{Limits, TicketStore};
pub use sessions::{CallerRecord, Gate, PresenceStore, Rotated, Seen, SessionStore, Use};
pub use stats::{Counter, StatsStore};

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
