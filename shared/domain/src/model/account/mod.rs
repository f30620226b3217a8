//! Accounts: what they are made of, and which passwords they take.

mod delivery;
mod first_admin;
mod password;
mod profile;
mod types;
mod user;

pub use delivery::{DeliveryStatus, EmailDelivery};
pub use first_admin::FirstAdmin;
pub use password::{NewPassword, PRODUCT_NAME, PlainPassword, check_policy, check_policy_of};
pub use profile::{Profile, ProfilePatch};
pub use types::{AccountStatus, Bio, Email, PersonName, PhoneNumber, Username};
pub use user::{SignUp, User};
