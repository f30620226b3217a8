//! Modules, permissions, and the one decision who has them.

mod catalogue;
mod decide;
mod explain;
mod level;
mod need;
mod types;

pub use catalogue::{Catalogue, Definition, KeptCatalogue, Kind, is_built_in};
pub use decide::{Decision, EffectiveRoles, Question, Subject, decide};
pub use explain::{Blocker, Explanation, Step};
pub use level::level_of;
pub use need::Need;
pub use types::{
    Action, Module, ModuleFields, ModulePatch, Permission, PermissionFields, PermissionPatch, RBAC,
    Right,
};

#[cfg(test)]
mod tests;
