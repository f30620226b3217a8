//! Sessions: signing in, rotating, signing out, and the gate before everything else.

mod access;
mod agent;
mod authenticate;
mod device;
mod failed_logins;
mod login;
mod manage;
mod network;
mod password_attempt;
mod refresh;
mod refresh_token;
mod revoke;
mod types;

pub use access::{AccessClaims, AccessTokenError};
pub use agent::{Agent, DeviceType};
pub use authenticate::{
    AuthenticationError, Caller, Refusal, authenticate, authenticate_caller, needs_note, note_use,
    page,
};
pub use device::DeviceToken;
pub(crate) use failed_logins::MOST_BY_STRANGERS;
pub use failed_logins::{Admission, FailedLogins, LoginLimits, Source, SourceFailures};
pub use login::{Granted, Login, LoginError, login};
pub use manage::{OwnedSessions, Scope, Whose, active_users, end_session, end_sessions, sessions};
pub use network::Network;
pub(crate) use password_attempt::PasswordAttempt;
pub use password_attempt::PasswordAttemptError;
pub use refresh::{RefreshError, Replay, refresh, replay};
pub use refresh_token::RefreshToken;
pub use revoke::revoke;
pub use types::{Client, Presence, Rotation, Session};
