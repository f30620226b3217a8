//! `DELETE /api/v1/organizations/{code}/members/{user_id}`: ending a membership.

use rolecall_domain::{organization, permission::Right};
use rolecall_http::{
    Context, ErrorCode, Problem, Request, Response, extract, guard, openapi::Doc, response,
};

use super::path;

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ManageUsers];

/// Ends it, roles included.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let authorization = guard::authorize(&ctx, &request, NEEDS).await?;
    let at = (extract::segment_from_end(&request, 2), path::user(&request, 0)?);
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
        .header("If-Match", "The `ETag` that you last saw; a stale one changes nothing.")
        .empty(204, "Removed.")
        .errors(&[
            ErrorCode::NotFound,
            ErrorCode::AboveYourLevel,
            ErrorCode::LastSuperAdmin,
            ErrorCode::OwnLastAdminRole,
            ErrorCode::Stale,
        ])
}
