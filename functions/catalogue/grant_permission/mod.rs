//! `PUT /api/v1/roles/{code}/permissions/{permission}`: giving a role a permission.

use rolecall_domain::{
    permission::Authorization,
    role::{self, Grantable},
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc};

use super::definition::{self, RoleGrant};
use super::role_grants;
use crate::Context;

/// Grants it. Granting it again changes nothing.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let (role, permission) = (ctx.path("code")?, ctx.path("permission")?);
    let granted = role::grant(
        &ctx.ports,
        &authorization,
        (role, Grantable::Permission(permission)),
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
        "Grant a permission to a role",
        "You cannot grant what you do not have, or change a role above your level. Granting it \
            again changes nothing.",
    )
    .header("If-Match", "The `ETag` of the role that you last saw; a stale one changes nothing.")
    .response::<RoleGrant>(200, "The role already had it.", definition::grant_example("pid.create"))
    .response::<RoleGrant>(201, "Granted.", definition::grant_example("pid.create"))
    .errors(&[ErrorCode::NotFound, ErrorCode::AboveYourLevel, ErrorCode::Stale])
}
