//! `DELETE /api/v1/organizations/{code}/members/{user_id}/roles/{role}`: taking a role from a
//! member.

use rolecall_domain::{organization, permission::Right};
use rolecall_http::{
    Context, ErrorCode, Problem, Request, Response, extract, guard, openapi::Doc, response,
};

use super::path;

/// Who may call.
pub const NEEDS: &[Right] = &[Right::AssignRoles];

/// Takes it: the next check says so.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let authorization = guard::authorize(&ctx, &request, NEEDS).await?;
    let person = ctx.ports.members.person(path::user(&request, 2)?).await?;
    let at = (extract::segment_from_end(&request, 4), extract::last_segment(&request));
    organization::unassign(
        &ctx.ports,
        &authorization,
        person,
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
    Doc::new(
        "Unassign a role from a member",
        "It applies from the next check. You cannot unassign your own last administrating role.",
    )
    .header("If-Match", "The `ETag` of the user that you last saw; a stale one changes nothing.")
    .empty(204, "Unassigned.")
    .errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::LastSuperAdmin,
        ErrorCode::OwnLastAdminRole,
        ErrorCode::Stale,
    ])
}
