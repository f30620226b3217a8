//! What the domain needs from outside: small traits, one method an atomic access pattern.
//!
//! Every adapter of a port passes the port's contract suite in `tests/contracts`.

mod accounts;
mod activities;
mod activity_stats;
mod activity_stream;
mod administration;
mod all;
mod api_keys;
mod appearance;
mod crypto;
mod erasures;
mod error;
mod idempotency;
mod invitations;
mod mail;
mod people;
mod recovery;
mod sessions;

pub use accounts::{AccountChange, AccountStore, Credentials, LoginRecord, NewAccount, Occupant};
pub use activities::{ActivityStore, SetAside};
pub use activity_stats::{ActivityStatsStore, Counter, Watermark};
pub use activity_stream::{ActivityStreamStore, EntryChange};
pub use administration::{
    CatalogueWrite, DefinitionStore, MemberStore, MemberWrite, OrganizationStore, OrganizationWrite,
};
pub use all::{Crypto, Ports, Store};
pub use api_keys::ApiKeyStore;
pub use appearance::{AppearanceChange, AppearanceStore};
pub use crypto::{
    Derivation, KeyDirectory, KeyError, PasswordError, Passwords, Resealed, Sealing, Secrets,
    SigningKeys, StoredHash, Tag, TokenError, Tokens, Verdict, VerifiedToken,
};
pub use erasures::ErasureStore;
pub use error::{Refused, StoreError, Unique, in_words};
pub use idempotency::IdempotencyStore;
pub use invitations::InvitationStore;
pub use mail::{Claim, MailError, Mailer, Outbox};
pub use people::PeopleStore;
pub use recovery::{Limits, OneTimeTokenStore};
pub use sessions::{PresenceStore, Rotated, Seen, SessionStore, Use};
