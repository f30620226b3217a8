//! `DELETE /api/v1/permissions/{code}`: one permission less.

use rolecall_domain::permission::{Authorization, PermissionFields};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::delete::<PermissionFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new("Delete a permission", "Only while no role grants it.");
    resource::describe_delete(doc).errors(&[
        ErrorCode::NotFound,
        ErrorCode::InUse,
        ErrorCode::BuiltIn,
    ])
}
