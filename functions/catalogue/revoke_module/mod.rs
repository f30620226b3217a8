//! `DELETE /api/v1/roles/{code}/modules/{module}`: taking a module from a role.

use rolecall_domain::{
    permission::Authorization,
    role::{self, Grantable},
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};

use crate::Context;

/// Takes it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let (role, module) = (ctx.path("code")?, ctx.path("module")?);
    role::revoke(
        &ctx.ports,
        &authorization,
        (role, Grantable::Module(module)),
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
        "Revoke a module from a role",
        "It applies from the next check of everybody who has the role.",
    )
    .header("If-Match", "The `ETag` of the role that you last saw; a stale one changes nothing.")
    .empty(204, "Revoked.")
    .errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::OwnLastAdminRole,
        ErrorCode::Stale,
    ])
}
