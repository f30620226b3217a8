//! Accounts: what they are made of, and which passwords they take.

mod delivery;
mod email_change;
mod erasure;
mod first_admin;
mod password;
mod policy;
mod profile;
mod reserved;
mod script;
mod service;
mod types;
mod user;

pub use delivery::{DeliveryStatus, EmailDelivery};
pub use email_change::{FormerEmail, PendingEmail, UndoLink};
pub use erasure::{DueErasure, Erasure};
pub use first_admin::FirstAdmin;
pub use password::{LONGEST_PASSWORD, NewPassword, PlainPassword, SHORTEST_PASSWORD};
pub use policy::{check_policy, check_policy_of, common_password_forms};
pub use profile::{Profile, ProfilePatch};
pub use reserved::ReservedUsernames;
pub use service::UserKind;
pub use types::{AccountStatus, Bio, Email, NewEmail, PersonName, PhoneNumber, Username};
pub use user::{SignUp, Spent, User};
