//! `GET /api/v1/roles/{code}`: one role.

use rolecall_domain::{permission::Authorization, role::RoleFields};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::get::<RoleFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new("Get a role", "The response has an `ETag`.");
    resource::describe_get::<RoleFields>(doc).errors(&[ErrorCode::NotFound])
}
