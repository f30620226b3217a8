//! Authorizing, checking, and changing modules and permissions.

mod authorize;
mod change;
mod check;
mod rules;

pub use authorize::{AuthorizationError, Forbidden, authorize, operator, within};
pub(crate) use authorize::{catalogue_of, current_in, renewed};
pub(crate) use change::{Edit, change, create, delete, find, update, write};
pub use check::{CheckSubject, Checked, Everything, check, everything};
pub(crate) use rules::at_most;
pub use rules::{Defined, Rules};
