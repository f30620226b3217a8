//! Signing up, one's own account, and those of others.

pub mod accept_invitation;
pub mod accept_my_invitation;
pub mod decline_invitation;
pub mod decline_my_invitation;
pub mod delete_me;
pub mod delete_user;
pub mod erase_user;
pub mod export_users;
pub mod get_me;
pub mod get_user;
pub mod invite_user;
pub mod list_my_invitations;
pub mod list_users;
mod listed_user;
mod managed_user;
mod own_user;
mod profile;
pub mod register;
pub mod resend_invitation;
pub mod resend_verification;
pub mod restore_user;
pub mod unlock_user;
pub mod update_me;
pub mod update_user;
mod user;
mod user_page;
pub mod verify_email;
pub mod verify_invitation;

pub use managed_user::ManagedUser;
pub use own_user::OwnUser;
pub use profile::NewProfile;
pub use user::{User, example};

/// What is answered where a verification mail goes out, or would.
const VERIFICATION_SENT: &str = "verification_sent";
