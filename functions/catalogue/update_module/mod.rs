//! `PATCH /api/v1/modules/{code}`: changing a module.

use rolecall_domain::permission::{Authorization, ModuleFields};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};
use serde_json::json;

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::update::<ModuleFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new(
        "Update a module",
        "A merge patch (RFC 7396). Activating it needs the right to grant it.",
    );
    resource::describe_update::<ModuleFields>(doc, json!({ "name": "Piping" })).errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::BuiltIn,
    ])
}
