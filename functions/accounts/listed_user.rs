use rolecall_domain::{clock::rfc3339, organization::UserWithMemberships};
use rolecall_http::openapi::with;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::user::{self, User};

/// A user in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ListedUser {
    /// What everybody sees of themself.
    #[serde(flatten)]
    user: User,
    /// The day of the last sign-in; `null` where there was none, or none since that is noted.
    #[schema(format = "date-time")]
    last_login_at: Option<String>,
}

impl ListedUser {
    /// Without roles, which lists do not show.
    pub(super) fn bare(person: &UserWithMemberships) -> Self {
        Self::new(User::bare(&person.user, &person.memberships), person)
    }

    pub(super) fn with_roles(person: &UserWithMemberships) -> Self {
        Self::new(User::from(person), person)
    }

    fn new(user: User, person: &UserWithMemberships) -> Self {
        Self { user, last_login_at: person.last_login_at.map(rfc3339) }
    }
}

/// A user in a list, for the OpenAPI document.
pub(super) fn example() -> Value {
    with(user::example(), json!({ "last_login_at": "2026-11-23T00:00:00.000Z" }))
}
