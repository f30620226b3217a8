//! Accounts: signing up, invitations, profiles, and administering them.

mod administer;
mod erase;
mod import;
mod invite;
mod leave;
mod list;
mod manage;
mod profile;
mod register;
mod verification;
mod verify;

pub use administer::{ManagedUser, managed_user, unlock_user};
pub(crate) use administer::{find, may_change};
pub use erase::{erase_user, go_on_erasing};
pub use import::{ImportError, Imported, ImportedUser, import_user};
pub(crate) use invite::invitation_mail;
pub use invite::{Invitation, invite, resend_invitation};
pub use leave::{LeaveError, LeaveRefusal, delete_me};
pub use list::{UserFilter, users, with_roles};
pub use manage::{UserPatch, delete_user, restore_user, update_user};
pub use profile::update_profile;
pub(crate) use register::blank_user;
pub use register::{
    NewUser, RegisterError, RegisterRefusal, Registered, ResendError, create_first_admin, register,
    resend_verification,
};
pub(crate) use verification::VerificationLink;
pub use verify::{Proof, VerifyError, VerifyRefusal, verify_email};
