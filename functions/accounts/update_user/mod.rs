//! `PATCH /api/v1/users/{id}`: changing somebody's account.

mod input;

use http::StatusCode;
use rolecall_domain::{
    account::{self, Email, UserPatch},
    permission::Authorization,
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc};
use serde_json::json;

pub use input::Input;

use input::Settable;

use super::managed_user::{self, ManagedUser};
use crate::{Context, resource::administrator};

/// Changes it and answers it as it is now.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let Input { username, email, profile, status } = extract::body(&request)?;
    let status = status.0.map(|Settable(status)| status);
    let email = email.0.map(Email::from);
    let patch = UserPatch { profile: profile.into(), username: username.0, email, status };
    let id = ctx.path_id("id")?;
    let by = administrator(&ctx, &authorization, &request);
    let managed = account::update_user(&ctx.ports, by, id, &patch).await?;
    managed_user::respond(&ctx, StatusCode::OK, &managed)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Update a user",
        "A merge patch (RFC 7396). A user who is no longer `active` is signed out everywhere. \
            `email` corrects the address of a pending account.",
    )
    .if_match()
    .input::<Input>(json!({ "first_name": "Ada", "status": "suspended" }))
    .response::<ManagedUser>(200, "The user as it is now.", managed_user::example(0, None))
    .etag()
    .errors(&[
        ErrorCode::NotFound,
        ErrorCode::EmailTaken,
        ErrorCode::UsernameTaken,
        ErrorCode::AboveYourLevel,
        ErrorCode::LastSuperAdmin,
        ErrorCode::LastAdministrator,
        ErrorCode::OwnLastAdminRole,
        ErrorCode::Erased,
    ])
}
