//! Signing up, and one's own account.

pub mod get_me;
pub mod register;
pub mod update_me;
mod user;
pub mod verify_email;

pub use user::{User, example};
