//! Who may do what.

pub mod check_permissions;
pub mod list_my_modules;
pub mod list_my_permissions;
