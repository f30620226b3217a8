//! `DELETE /api/v1/permissions/{code}`: one permission less.

use rolecall_domain::permission::{self, Authorization, Kind};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};

use crate::Context;

/// Deletes it if nothing depends on it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let code = ctx.path("code")?;
    permission::delete(
        &ctx.ports,
        &authorization,
        (Kind::Permission, code),
        extract::if_match(&request),
        &ctx.client,
    )
    .await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Delete a permission", "Only while no role grants it.")
        .header("If-Match", "The `ETag` that you last saw; a stale one deletes nothing.")
        .empty(204, "Deleted.")
        .errors(&[ErrorCode::NotFound, ErrorCode::InUse, ErrorCode::BuiltIn, ErrorCode::Stale])
}
