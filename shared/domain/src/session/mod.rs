//! Sessions: signing in, rotating, signing out, and the gate before everything else.

mod access;
mod agent;
mod attempts;
mod device;
mod gate;
mod guess;
mod login;
mod manage;
mod network;
mod refresh;
mod refresh_token;
mod revoke;
mod types;

pub use access::{AccessClaims, AccessTokenError};
pub use agent::{Agent, DeviceType};
pub(crate) use attempts::MOST_BY_STRANGERS;
pub use attempts::{Admission, Attempts, LoginLimits, Source, SourceFailures};
pub use device::DeviceToken;
pub use gate::{Caller, EntryError, Refusal, admit, enter, needs_note, note_use, page};
pub(crate) use guess::Guess;
pub use guess::GuessError;
pub use login::{Granted, Login, LoginError, login};
pub use manage::{OwnedSessions, Scope, Whose, active_users, end_session, end_sessions, sessions};
pub use network::Network;
pub use refresh::{RefreshError, Replay, refresh, replay};
pub use refresh_token::RefreshToken;
pub use revoke::revoke;
pub use types::{Client, Presence, Rotation, Session};
