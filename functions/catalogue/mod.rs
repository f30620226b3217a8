//! Modules, permissions, roles and what roles grant: shared by all organizations.

pub mod create_module;
pub mod create_permission;
pub mod create_role;
mod definition;
pub mod delete_module;
pub mod delete_permission;
pub mod delete_role;
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
mod named;
pub mod revoke_module;
pub mod revoke_permission;
mod role_grants;
pub mod update_module;
pub mod update_permission;
pub mod update_role;

pub use definition::{Module, Permission, Role, RoleGrant};
pub use named::{NamedPatch, NewNamed};
pub use role_grants::RoleGrants;

use rolecall_domain::Violation;

/// A place in a list.
fn order(number: i64) -> Result<i32, Violation> {
    i32::try_from(number).map_err(|_| {
        Violation::new("out_of_range", "An order is a whole number of at most nine digits.")
    })
}
