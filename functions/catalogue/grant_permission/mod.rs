//! `PUT /api/v1/roles/{code}/permissions/{permission}`: giving a role a permission.

use rolecall_domain::{
    permission::Right,
    role::{self, Thing},
};
use rolecall_http::{Answer, Code, Context, Request, extract, guard, openapi::Doc};

use super::definition::{self, RoleGrant};
use super::role_grants;

/// Who may call.
pub const NEEDS: &[Right] = definition::WRITE;

/// Gives it. Again changes nothing.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let (role, permission) = (
        extract::segment_from_end(&request, 2),
        extract::last_segment(&request),
    );
    let granted = role::grant(
        &ctx.ports,
        &permit,
        (role, Thing::Permission(permission)),
        extract::if_match(&request),
        &ctx.client,
    )
    .await?;
    role_grants::answer(&granted)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Give a role a permission",
        "Nobody gives what they do not have, or changes a role above their level. Again changes \
            nothing.",
    )
    .header(
        "If-Match",
        "The `ETag` of the role that was last seen; a stale one changes nothing.",
    )
    .answer::<RoleGrant>(
        200,
        "The role had it before.",
        definition::grant_example("pid.create"),
    )
    .answer::<RoleGrant>(
        201,
        "The role has it now.",
        definition::grant_example("pid.create"),
    )
    .errors(&[Code::NotFound, Code::AboveYourLevel, Code::Stale])
}
