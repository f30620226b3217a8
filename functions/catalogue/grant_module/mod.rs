//! `PUT /api/v1/roles/{code}/modules/{module}`: giving a role a module.

use rolecall_domain::{
    permission::Right,
    role::{self, Grantable},
};
use rolecall_http::{Context, ErrorCode, Problem, Request, Response, extract, guard, openapi::Doc};

use super::definition::{self, RoleGrant};
use super::role_grants;

/// Who may call.
pub const NEEDS: &[Right] = definition::WRITE;

/// Gives it. Replayed changes nothing.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let authorization = guard::authorize(&ctx, &request, NEEDS).await?;
    let (role, module) = (extract::segment_from_end(&request, 2), extract::last_segment(&request));
    let granted = role::grant(
        &ctx.ports,
        &authorization,
        (role, Grantable::Module(module)),
        extract::if_match(&request),
        &ctx.client,
    )
    .await?;
    role_grants::response(&granted)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Give a role a module",
        "Nobody gives what they do not have, or changes a role above their level. Again changes \
            nothing.",
    )
    .header("If-Match", "The `ETag` of the role that was last seen; a stale one changes nothing.")
    .response::<RoleGrant>(200, "The role had it before.", definition::grant_example("PID"))
    .response::<RoleGrant>(201, "The role has it now.", definition::grant_example("PID"))
    .errors(&[ErrorCode::NotFound, ErrorCode::AboveYourLevel, ErrorCode::Stale])
}
