//! `DELETE /api/v1/organizations/{code}/members/{user_id}`: ending a membership.

use rolecall_domain::{organization, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use crate::{Context, resource::administrator};

/// Ends it, roles included.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let (organization, user) = (ctx.path("code")?, ctx.path_id("user_id")?);
    let by = administrator(&ctx, &authorization, &request);
    organization::remove_member(&ctx.ports, by, organization, user).await?;
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
            ErrorCode::LastAdministrator,
            ErrorCode::OwnLastAdminRole,
        ])
}
