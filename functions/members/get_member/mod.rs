//! `GET /api/v1/organizations/{code}/members/{user_id}`: one member.

use http::StatusCode;
use rolecall_domain::{organization, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use super::member::{self, Member};
use crate::Context;

/// Returns the membership with its `ETag`.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    _: Request,
) -> Result<Response, Problem> {
    let (code, user) = (ctx.path("code")?, ctx.path_id("user_id")?);
    let found = organization::member(&ctx.ports, &authorization, code, user).await?;
    let version = found.member.version;
    response::with_etag(response::json(StatusCode::OK, &Member::from(&found)), version)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get a member", "The response has an `ETag`.")
        .response::<Member>(200, "The member.", member::example())
        .etag()
        .errors(&[ErrorCode::NotFound])
}
