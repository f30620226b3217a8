//! `DELETE /api/v1/roles/{code}/permissions/{permission}`: taking a permission from a role.

use rolecall_domain::{permission::Authorization, role::Grantable};
use rolecall_http::{Problem, Request, Response, openapi::Doc};

use super::role_grants;
use crate::Context;

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let permission = Grantable::Permission(ctx.path("permission")?);
    role_grants::revoke(&ctx, &authorization, &request, permission).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new(
        "Revoke a permission from a role",
        "It applies from the next check of everybody who has the role.",
    );
    role_grants::describe_revoke(doc)
}
