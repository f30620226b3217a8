//! Who may do what.

pub mod check;
pub mod my_modules;
pub mod my_permissions;
