//! `POST /api/v1/modules`: one module more.

use rolecall_domain::permission::{Authorization, ModuleFields};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};
use serde_json::json;

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::create::<ModuleFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new("Create a module", "It has no effect until a role grants it.");
    resource::describe_create::<ModuleFields>(
        doc,
        json!({ "code": "PID", "name": "Piping and instrumentation", "order": 1, "icon": "pipe" }),
    )
    .errors(&[ErrorCode::CodeTaken])
}
