//! What happens: load, decide, write. Each use case is generic over the ports.

pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod activity_stats;
pub(crate) mod activity_stream;
pub mod administration;
pub(crate) mod administrators;
pub(crate) mod authorizer;
pub(crate) mod commit;
pub(crate) mod error;
pub(crate) mod idempotency;
pub(crate) mod invitation;
pub(crate) mod mail;
pub(crate) mod organization;
pub(crate) mod password;
pub(crate) mod permission;
pub(crate) mod quota;
pub(crate) mod recovery;
pub mod resource;
pub(crate) mod role;
pub(crate) mod sealed;
pub(crate) mod session;
pub mod setup;
pub(crate) mod signing;
pub(crate) mod throttle;
pub(crate) mod token_secret;
pub(crate) mod walk;
