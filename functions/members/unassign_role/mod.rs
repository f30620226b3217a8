//! `DELETE /api/v1/organizations/{code}/members/{user_id}/roles/{role}`: taking a role from a
//! member.

use rolecall_domain::{organization, permission::Authorization, ports::MemberStore};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use crate::{Context, resource::administrator};

/// Takes it: the next check says so.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let person = ctx.ports.store.user_with_memberships(ctx.path_id("user_id")?).await?;
    let (organization, role) = (ctx.path("code")?, ctx.path("role")?);
    let by = administrator(&ctx, &authorization, &request);
    organization::unassign(&ctx.ports, by, person, organization, role).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Unassign a role from a member",
        "It applies from the next check. You cannot unassign your own last administrating role.",
    )
    .if_match()
    .empty(204, "Unassigned.")
    .errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::LastSuperAdmin,
        ErrorCode::LastAdministrator,
        ErrorCode::OwnLastAdminRole,
    ])
}
