//! `PUT /api/v1/roles/{code}/permissions/{permission}`: giving a role a permission.

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
    role_grants::grant(&ctx, &authorization, &request, permission).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new(
        "Grant a permission to a role",
        "You cannot grant what you do not have, or change a role above your level. Granting it \
            again changes nothing.",
    );
    role_grants::describe_grant(doc, "pid.create")
}
