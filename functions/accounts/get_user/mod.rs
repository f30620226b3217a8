//! `GET /api/v1/users/{id}`: one user, for administrators.

use http::StatusCode;
use rolecall_domain::{account, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use super::managed_user::{self, ManagedUser};
use crate::Context;

/// Returns the account with its failed sign-ins.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    _: Request,
) -> Result<Response, Problem> {
    let id = ctx.path_id("id")?;
    let managed = account::managed_user(&ctx.ports, &authorization, id).await?;
    managed_user::respond(&ctx, StatusCode::OK, &managed)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get a user", "Includes the failed sign-ins and when a lock ends.")
        .response::<ManagedUser>(
            200,
            "The user.",
            managed_user::example(20, Some("2026-11-23T09:45:00.000Z")),
        )
        .etag()
        .errors(&[ErrorCode::NotFound])
}
