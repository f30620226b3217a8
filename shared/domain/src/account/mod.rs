//! Accounts: signing up, proving an address, one's own profile.

mod administer;
mod import;
mod password;
mod profile;
mod register;
mod types;
mod verify;

pub use administer::{AdministerError, ManagedUser, managed_user, unlock_user};
pub use import::{Brought, BroughtUser, ImportError, import_user};
pub use password::{NewPassword, PRODUCT_NAME, PasswordAttempt, check_policy, check_policy_of};
pub use profile::{ProfileError, ProfilePatch, update_profile};
pub use register::{FirstAdmin, NewUser, RegisterError, Registered, create_first_admin, register};
pub use types::{AccountStatus, Bio, Email, PersonName, PhoneNumber, SignUp, User, Username};
pub use verify::{VerifyError, verify_email};
