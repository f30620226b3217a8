//! What super admins see of how the stack runs.

pub mod list_settings;
pub mod list_signing_keys;
pub mod rotate_signing_keys;

use rolecall_domain::permission::Authorization;
use rolecall_http::{ErrorCode, Problem};

/// Refuses everybody but super admins, whatever they ask.
fn for_super_admins(authorization: &Authorization) -> Result<(), Problem> {
    if authorization.is_super_admin() {
        Ok(())
    } else {
        Err(Problem::new(ErrorCode::Forbidden, "This is for super admins."))
    }
}
