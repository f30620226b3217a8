//! `PATCH /api/v1/me`: the caller's own profile.

use http::StatusCode;
use rolecall_domain::{
    account::{self, Username},
    session::Caller,
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, fields::Change, input, openapi::Doc, response,
};
use serde_json::json;

use super::{
    own_user::{self, OwnUser},
    profile::ProfileChange,
};
use crate::Context;

input! {
    /// Changes to the own account: profile and username.
    pub struct Input as AccountPatch {
        /// 3 to 50 letters, digits, `.`, `_` or `-`.
        username: Change<Username>,
        .. profile: ProfileChange,
    }
}

/// Changes the profile on the version that `If-Match` names, or on the one that the gate read.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let Input { username, profile } = extract::body(&request)?;
    let person = account::update_profile(
        &ctx.ports,
        &caller,
        (profile.into(), username.0),
        extract::if_match(&request),
        &ctx.client,
    )
    .await?;
    let own = OwnUser::new(&person, caller.organization(), ctx.ports.clock.now());
    response::with_etag(response::json(StatusCode::OK, &own), person.etag())
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Update my profile", "A merge patch: a missing field stays, `null` clears it.")
        .if_match()
        .input::<Input>(json!({ "first_name": "Ada", "bio": null }))
        .response::<OwnUser>(200, "The caller as it is now.", own_user::example())
        .etag()
        .errors(&[ErrorCode::UsernameTaken])
}
