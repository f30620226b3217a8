//! Authorizing, checking, and changing modules and permissions.

mod authorize;
mod change;
mod check;
mod edit;

pub(crate) use authorize::renewed;
pub use authorize::{AuthorizationError, Forbidden, authorize, current, operator};
pub(crate) use change::{Edit, create, write};
pub use change::{Edited, change, delete};
pub use check::{CheckSubject, Checked, Everything, check, everything};
pub use edit::{create_module, create_permission, definition, update_module, update_permission};
