//! Accounts: what they are made of, and which passwords they take.

mod first_admin;
mod password;
mod types;

pub use first_admin::FirstAdmin;
pub use password::{NewPassword, PRODUCT_NAME, PlainPassword, check_policy, check_policy_of};
pub use types::{AccountStatus, Bio, Email, PersonName, PhoneNumber, SignUp, User, Username};
