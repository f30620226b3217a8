//! Roles and what they grant.

mod edit;
mod grants;

pub use edit::{create_role, update_role};
pub use grants::{Grantable, Granted, grant, revoke};
