//! `DELETE /api/v1/organizations/{code}`: one organization less.

use rolecall_domain::{organization, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};

use crate::Context;

/// Deletes it if it has no members.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let (code, if_match) = (ctx.path("code")?, extract::if_match(&request));
    organization::delete_organization(&ctx.ports, &authorization, code, if_match, &ctx.client)
        .await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Delete an organization",
        "Only while it has no members; the built-in organization cannot be deleted.",
    )
    .header("If-Match", "The `ETag` that you last saw; a stale one deletes nothing.")
    .empty(204, "Deleted.")
    .errors(&[ErrorCode::NotFound, ErrorCode::InUse, ErrorCode::BuiltIn, ErrorCode::Stale])
}
