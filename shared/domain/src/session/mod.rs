//! Sessions: signing in, rotating, signing out, and the gate before everything else.

mod access;
mod gate;
mod login;
mod refresh;
mod refresh_token;
mod revoke;
mod types;

pub use access::{AccessClaims, AccessTokenError, authenticate};
pub use gate::{Caller, Refusal, admit, needs_note, note_use};
pub use login::{Granted, LoginError, login};
pub use refresh::{RefreshError, Replay, refresh, replay};
pub use refresh_token::RefreshToken;
pub use revoke::revoke;
pub use types::{Client, Rotation, Session};
