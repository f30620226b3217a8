//! `GET /api/v1/permissions/{code}`: one permission.

use rolecall_domain::permission::{Authorization, PermissionFields};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::get::<PermissionFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new("Get a permission", "The response has an `ETag`.");
    resource::describe_get::<PermissionFields>(doc).errors(&[ErrorCode::NotFound])
}
