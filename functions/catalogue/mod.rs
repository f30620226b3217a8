//! Modules, permissions, roles and what roles grant: shared by all organizations, but for their own
//! roles.

pub mod create_module;
pub mod create_permission;
pub mod create_role;
pub mod delete_module;
pub mod delete_permission;
pub mod delete_role;
pub mod get_catalogue;
pub mod get_module;
pub mod get_permission;
pub mod get_role;
pub mod grant_module;
pub mod grant_permission;
pub mod list_modules;
pub mod list_permissions;
pub mod list_role_modules;
pub mod list_role_permissions;
pub mod list_roles;
mod module;
mod permission;
pub mod revoke_module;
pub mod revoke_permission;
mod role;
mod role_grants;
pub mod update_module;
pub mod update_permission;
pub mod update_role;

pub use module::{Module, ModuleChange};
pub use permission::{Permission, PermissionChange};
pub use role::{Role, RoleChange};
pub use role_grants::{RoleGrant, RoleGrants};
