//! What the domain needs from outside: small traits, one method an atomic access pattern.
//!
//! Every adapter of a port passes the port's contract suite in `tests/contracts`.

mod accounts;
mod activities;
mod activity_stats;
mod activity_stream;
mod administration;
mod all;
mod crypto;
mod error;
mod idempotency;
mod mail;
mod recovery;
mod sessions;

pub use accounts::{
    AccountChange, AccountStore, Activation, Credentials, EmailUpdate, LoginRecord, NewAccount,
    Owner, Registration, Update,
};
pub use activities::{ActivityStore, Recorded};
pub use activity_stats::{ActivityStatsStore, Counter};
pub use activity_stream::{ActivityStreamStore, EntryChange};
pub use administration::{
    CatalogueWrite, CatalogueWritten, DefinitionStore, MemberStore, MemberWrite, MemberWritten,
    OrganizationStore, OrganizationWrite, OrganizationWritten,
};
pub use all::{Crypto, Ports, Store};
pub use crypto::{
    Derivation, KeyDirectory, KeyError, PasswordError, Passwords, Secrets, SigningKeys, TokenError,
    Tokens, Verdict, VerifiedToken,
};
pub use error::StoreError;
pub use idempotency::{
    Idempotency, IdempotencyRecord, IdempotencyStore, Remembered, StoredResponse,
};
pub use mail::{Claim, MailError, Mailer, Outbox};
pub use recovery::{Limits, OneTimeTokenStore};
pub use sessions::{PresenceStore, Rotated, Seen, SessionStore, Use};
