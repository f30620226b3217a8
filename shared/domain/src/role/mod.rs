//! Roles: how much power they stand for, and what they grant.

mod edit;
mod grants;
mod types;

pub use edit::{NewRole, RolePatch, create_role, update_role};
pub use grants::{Grantable, Granted, grant, revoke};
pub use types::{Grant, Level, Role, SUPER_ADMIN};
