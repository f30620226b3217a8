//! Signing in, staying signed in, signing out, and who is.

pub mod active_users;
pub mod end_session;
pub mod end_sessions;
pub mod list_sessions;
mod pair;
pub mod refresh;
pub mod revoke;
pub mod token;
mod whose;

pub use pair::{Pair, example};
