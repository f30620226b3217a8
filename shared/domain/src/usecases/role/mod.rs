//! Roles and what they grant.

mod grants;
mod rules;

pub use grants::{Grantable, Granted, grant, revoke};
