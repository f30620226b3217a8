//! `PUT /api/v1/roles/{code}/modules/{module}`: giving a role a module.

use rolecall_domain::{permission::Authorization, role::Grantable};
use rolecall_http::{Problem, Request, Response, openapi::Doc};

use super::role_grants;
use crate::Context;

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let module = Grantable::Module(ctx.path("module")?);
    role_grants::grant(&ctx, &authorization, &request, module).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new(
        "Grant a module to a role",
        "You cannot grant what you do not have, or change a role above your level. Granting it \
            again changes nothing.",
    );
    role_grants::describe_grant(doc, "PID")
}
