//! Trying a password, under the counters of its address.

mod attempt;
mod proof;

pub(crate) use attempt::PasswordAttempt;
pub use attempt::WrongPassword;
pub use proof::ProofError;
pub(crate) use proof::{own_password, present_password};
