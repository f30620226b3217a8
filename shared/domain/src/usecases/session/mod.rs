//! Signing in, rotating, signing out, and the gate before everything else.

mod access;
mod authenticate;
mod begin;
mod device;
mod granted;
mod living;
mod login;
mod manage;
mod refresh;
mod refresh_token;
mod revoke;
mod switch;

pub use authenticate::{AuthenticationError, authenticate, note_use};
pub(crate) use begin::begin;
pub use device::DeviceToken;
pub use granted::Granted;
pub use login::{Login, LoginError, LoginRefusal, login};
pub use manage::{
    OwnedSessions, Scope, Whose, active_users, end_session, end_sessions, reads_users, sessions,
};
pub use refresh::{InvalidRefreshToken, RefreshError, refresh};
pub use refresh_token::RefreshToken;
pub use revoke::{revoke, revoke_by_access_token};
pub use switch::{SwitchError, SwitchRefusal, switch_organization};
