//! Signing up, one's own account, and those of others.

pub mod get_me;
pub mod get_user;
mod managed_user;
pub mod register;
pub mod unlock_user;
pub mod update_me;
mod user;
pub mod verify_email;

pub use managed_user::ManagedUser;
pub use user::{User, example};
