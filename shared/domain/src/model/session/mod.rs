//! Sessions, who is in them, and how often a login may fail.

mod access;
mod caller;
mod failed_logins;
mod replay;
mod types;

pub use access::AccessClaims;
pub use caller::{
    Caller, CallerRecord, CatalogueState, KeyRecord, OrganizationState, Unauthenticated,
    authenticate_caller, authenticate_key, needs_note, page,
};
pub(crate) use caller::{
    NOTE_EVERY, is_first_use, is_good, is_minute_over, is_torn, may_go_on, tells_first_page,
};
pub(crate) use failed_logins::MOST_BY_STRANGERS;
pub use failed_logins::{Admission, FailedLogins, LoginLimits, Source, SourceFailures};
pub use replay::{Replay, replay};
pub use types::{ActiveUser, ActsIn, MOST_SESSIONS, Presence, Rotation, SeenUser, Session};
