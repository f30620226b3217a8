use rolecall_domain::{
    account,
    clock::{Timestamp, rfc3339},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::user::{self, User};

/// A user as administrators see it, with failed sign-ins and locks.
#[derive(Serialize, ToSchema)]
pub struct ManagedUser {
    /// What everybody sees of themself.
    #[serde(flatten)]
    user: User,
    /// Failed sign-ins that count towards a lock.
    #[schema(minimum = 0)]
    failed_login_attempts: u32,
    /// Until then unknown devices cannot sign in; under an administrator's lock nobody can.
    #[schema(format = "date-time")]
    locked_until: Option<String>,
}

impl ManagedUser {
    /// As it is at `now`.
    #[must_use]
    pub fn new(managed: &account::ManagedUser, now: Timestamp) -> Self {
        Self {
            user: User::from(&managed.person),
            failed_login_attempts: managed.failed_logins.total(),
            locked_until: managed.locked_until(now).map(rfc3339),
        }
    }
}

/// A user for the OpenAPI document.
pub(super) fn example(failures: u32, locked_until: Option<&str>) -> Value {
    let mut example = user::example();
    if let Some(fields) = example.as_object_mut() {
        fields.insert("failed_login_attempts".to_owned(), failures.into());
        fields.insert("locked_until".to_owned(), json!(locked_until));
    }
    example
}
