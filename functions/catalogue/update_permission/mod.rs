//! `PATCH /api/v1/permissions/{code}`: changing a permission.

use rolecall_domain::permission::{Authorization, PermissionFields};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};
use serde_json::json;

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::update::<PermissionFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new(
        "Update a permission",
        "A merge patch (RFC 7396). Activating it needs the right to grant it.",
    );
    resource::describe_update::<PermissionFields>(doc, json!({ "name": "Draw diagrams" }))
        .errors(&[ErrorCode::NotFound, ErrorCode::AboveYourLevel, ErrorCode::BuiltIn])
}
