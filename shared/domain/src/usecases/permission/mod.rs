//! Authorizing, checking, and changing modules and permissions.

mod authorize;
mod change;
mod check;
mod rules;

pub(crate) use authorize::renewed;
pub use authorize::{AuthorizationError, Forbidden, authorize, current, operator};
pub(crate) use change::{Edit, change, create, delete, find, update, write};
pub use check::{CheckSubject, Checked, Everything, check, everything};
pub(crate) use rules::has_room;
pub use rules::{Defined, Rules};
