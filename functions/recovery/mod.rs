//! Getting back in, and changing what one gets in with.

pub mod ask_email_change;
pub mod ask_reset;
pub mod change_password;
pub mod confirm_email_change;
pub mod confirm_reset;
mod link_token;
pub mod unlock;
pub mod verify_reset;

pub use link_token::LinkToken;
