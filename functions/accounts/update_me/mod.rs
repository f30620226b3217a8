//! `PATCH /api/v1/me`: the caller's own profile.

use http::StatusCode;
use rolecall_domain::{
    Patch,
    account::{self, Bio, PersonName, PhoneNumber, ProfilePatch},
    session::Caller,
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response,
    extract::{self, Fields},
    openapi::Doc,
    response,
};
use serde_json::json;
use utoipa::ToSchema;

use super::user::{self, User};
use crate::Context;

/// What changes: a missing field stays, `null` clears it.
#[derive(ToSchema)]
#[schema(as = ProfilePatch)]
pub struct Input {
    /// First name.
    #[schema(value_type = Option<String>, max_length = 100)]
    first_name: Patch<PersonName>,
    /// Last name.
    #[schema(value_type = Option<String>, max_length = 100)]
    last_name: Patch<PersonName>,
    /// E.164.
    #[schema(value_type = Option<String>, max_length = 40)]
    phone_number: Patch<PhoneNumber>,
    /// About, at most 500 characters.
    #[schema(value_type = Option<String>, max_length = 500)]
    bio: Patch<Bio>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let first_name = fields.patch("first_name", PersonName::parse);
        let last_name = fields.patch("last_name", PersonName::parse);
        let phone_number = fields.patch("phone_number", PhoneNumber::parse);
        let bio = fields.patch("bio", Bio::parse);
        Some(Self {
            first_name: first_name?,
            last_name: last_name?,
            phone_number: phone_number?,
            bio: bio?,
        })
    }
}

impl From<Input> for ProfilePatch {
    fn from(input: Input) -> Self {
        let Input { first_name, last_name, phone_number, bio } = input;
        Self { first_name, last_name, phone_number, bio }
    }
}

/// Changes the profile on the version that `If-Match` names, or on the one that the gate read.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    let person = account::update_profile(
        &ctx.ports,
        &caller,
        input.into(),
        extract::if_match(&request),
        &ctx.client,
    )
    .await?;
    response::with_etag(response::json(StatusCode::OK, &User::from(&person)), person.etag())
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Update my profile", "A merge patch: a missing field stays, `null` clears it.")
        .header("If-Match", "The `ETag` that you last saw; a stale one changes nothing.")
        .input::<Input>(json!({ "first_name": "Ada", "bio": null }))
        .response::<User>(200, "The caller as it is now.", user::example())
        .errors(&[ErrorCode::Stale])
}
