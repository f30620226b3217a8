use rolecall_domain::{clock::Timestamp, organization::UserWithMemberships};
use rolecall_http::openapi::with;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::user::{self, User};

/// A user as they see themself.
#[derive(Serialize, ToSchema)]
pub struct OwnUser {
    /// What others see as well.
    #[serde(flatten)]
    user: User,
    /// The code of the organization in which the caller acts.
    organization: Option<String>,
    /// The address that the account is to have, while its link was not followed.
    #[schema(format = "idn-email")]
    pending_email: Option<String>,
}

impl OwnUser {
    /// As it is at `now`, for a caller who acts in `organization`.
    #[must_use]
    pub fn new(person: &UserWithMemberships, organization: Option<&str>, now: Timestamp) -> Self {
        let pending = person.user.waiting_email(now);
        Self {
            user: User::from(person),
            organization: organization.map(str::to_owned),
            pending_email: pending.map(|one| one.email.address().to_owned()),
        }
    }
}

/// One for the OpenAPI document.
#[must_use]
pub(super) fn example() -> Value {
    let more = json!({ "organization": "MY_COMPANY", "pending_email": "countess@example.com" });
    with(user::example(), more)
}
