//! Accounts: signing up, proving an address, one's own profile.

mod administer;
mod import;
mod invite;
mod list;
mod manage;
mod password;
mod profile;
mod register;
mod types;
mod verify;

pub use administer::{ManagedUser, managed_user, unlock_user};
pub(crate) use administer::{find, may_change};
pub use import::{ImportError, Imported, ImportedUser, import_user};
pub use invite::{Invitation, Invited, invite, resend_invitation};
pub use list::{UserFilter, users};
pub use manage::{UserPatch, delete_user, restore_user, update_user};
pub use password::{NewPassword, PRODUCT_NAME, PlainPassword, check_policy, check_policy_of};
pub use profile::{ProfileError, ProfilePatch, update_profile};
pub use register::{FirstAdmin, NewUser, RegisterError, Registered, create_first_admin, register};
pub use types::{AccountStatus, Bio, Email, PersonName, PhoneNumber, SignUp, User, Username};
pub use verify::{VerifyError, verify_email};
