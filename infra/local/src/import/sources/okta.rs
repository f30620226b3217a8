//! Okta's users API. Its hashes never leave it.

use serde_json::Value;

use crate::import::source_user::{Fields, SourceUser, Status};

pub(super) fn convert(user: &Value) -> SourceUser {
    SourceUser {
        id: user.text("/id"),
        email: user.text("/profile/email"),
        // An address, mostly, and then no username.
        username: user.text("/profile/login").filter(|login| !login.contains('@')),
        first_name: user.text("/profile/firstName"),
        last_name: user.text("/profile/lastName"),
        full_name: user.text("/profile/displayName"),
        phone_number: user.text("/profile/mobilePhone"),
        created_at: user.instant("/created"),
        status: match user.text("/status").as_deref() {
            Some("SUSPENDED") => Status::Suspended,
            Some("STAGED" | "DEPROVISIONED") => Status::Inactive,
            _ => Status::Active,
        },
        ..SourceUser::default()
    }
}
