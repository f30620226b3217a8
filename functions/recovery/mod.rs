//! Getting back in, and changing what one gets in with.

pub mod change_password;
pub mod confirm_email_change;
pub mod confirm_password_reset;
mod link_token;
pub mod request_email_change;
pub mod request_password_reset;
pub mod undo_email_change;
pub mod unlock_account;
pub mod verify_password_reset;

pub use link_token::LinkToken;
