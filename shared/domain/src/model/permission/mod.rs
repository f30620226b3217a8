//! Modules, permissions, and the one decision who has them.

mod catalogue;
mod decide;
mod explain;
mod kept;
mod level;
mod need;
mod question;
mod roles;
mod types;

pub use catalogue::{Catalogue, Definition, Kind, is_built_in};
pub use decide::{Decision, EffectiveRoles, Subject, decide};
pub use explain::{Blocker, Explanation, Step};
pub use kept::KeptCatalogue;
pub use level::level_of;
pub use need::Need;
pub use question::Question;
pub use roles::OwnRoles;
pub use types::{
    Action, Module, ModuleFields, ModulePatch, Permission, PermissionFields, PermissionPatch, RBAC,
    Right,
};

#[cfg(test)]
mod tests;
