//! Authorizing, checking, and changing modules and permissions.

mod authorize;
mod change;
mod check;
mod edit;

pub(crate) use authorize::renewed;
pub use authorize::{AuthorizationError, authorize, current, operator};
pub(crate) use change::{Edit, described, write};
pub use change::{Edited, Written, change, delete};
pub use check::{CheckError, CheckSubject, Checked, Everything, check, everything};
pub(crate) use edit::create;
pub use edit::{
    ModuleFields, ModulePatch, NewModule, NewPermission, PermissionPatch, create_module,
    create_permission, definition, update_module, update_permission,
};
