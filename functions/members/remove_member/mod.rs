//! `DELETE /api/v1/organizations/{code}/members/{user_id}`: ending a membership.

use rolecall_domain::{organization, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};

use crate::Context;

/// Ends it, roles included.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let at = (ctx.path("code")?, ctx.path_id("user_id")?);
    organization::remove_member(
        &ctx.ports,
        &authorization,
        at,
        extract::if_match(&request),
        &ctx.client,
    )
    .await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Remove a member", "The member's roles end too; the account stays.")
        .if_match()
        .empty(204, "Removed.")
        .errors(&[
            ErrorCode::NotFound,
            ErrorCode::AboveYourLevel,
            ErrorCode::LastSuperAdmin,
            ErrorCode::OwnLastAdminRole,
        ])
}
