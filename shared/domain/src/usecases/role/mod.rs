//! Roles and what they grant.

mod grants;
mod rules;

pub(crate) use grants::has_room;
pub use grants::{Grantable, Granted, grant, revoke};
