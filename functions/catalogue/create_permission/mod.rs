//! `POST /api/v1/permissions`: one permission more.

use rolecall_domain::permission::{Authorization, PermissionFields};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};
use serde_json::json;

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::create::<PermissionFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new("Create a permission", "It has no effect until a role grants it.");
    let example = json!({ "code": "pid.create", "module": "PID", "name": "Create diagrams",
        "action": "create" });
    resource::describe_create::<PermissionFields>(doc, example).errors(&[ErrorCode::CodeTaken])
}
