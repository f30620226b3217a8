//! `GET /api/v1/organizations/{code}/invitations/{id}`: one invitation.

use http::StatusCode;
use rolecall_domain::{invitation, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use super::invitation::{self as shown, Invitation};
use crate::Context;

/// Returns it, as long as it can be accepted.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    _: Request,
) -> Result<Response, Problem> {
    let (code, id) = (ctx.path("code")?, ctx.path_id("id")?);
    let found = invitation::get(&ctx.ports, &authorization, code, id).await?;
    response::json(StatusCode::OK, &Invitation::from(&found))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get an invitation", "One that was neither accepted nor withdrawn, and is not over.")
        .response::<Invitation>(200, "The invitation.", shown::example())
        .errors(&[ErrorCode::NotFound])
}
