//! Modules, permissions, and who has them.

mod authorization;
mod authorize_request;
mod catalogue;
mod change;
mod check;
mod decide;
mod edit;
mod explain;
mod load;
mod types;

pub use authorization::{Authority, Authorization, AuthorizationError, authorize, level_of};
pub use authorize_request::{Authorized, Need, authorize_request};
pub use catalogue::{Catalogue, Definition, KeptCatalogue, Kind, is_built_in};
pub(crate) use change::{Edit, described, matches, write};
pub use change::{Edited, Written, change, delete};
pub use check::{CheckError, CheckSubject, Checked, Everything, check, everything};
pub use decide::{Decision, EffectiveRoles, Question, Subject, decide};
pub(crate) use edit::create;
pub use edit::{
    ModuleFields, ModulePatch, NewModule, NewPermission, PermissionPatch, create_module,
    create_permission, definition, update_module, update_permission,
};
pub use explain::{Blocker, Explanation, Step};
pub use load::current;
pub use types::{Action, Module, Permission, RBAC, Right};

#[cfg(test)]
mod tests;
