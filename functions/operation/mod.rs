//! What super admins see of how the stack runs.

pub mod list_settings;
pub mod list_signing_keys;
pub mod rotate_signing_keys;
