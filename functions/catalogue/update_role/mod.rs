//! `PATCH /api/v1/roles/{code}`: changing a role.

use rolecall_domain::{permission::Authorization, role::RoleFields};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};
use serde_json::json;

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::update::<RoleFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new(
        "Update a role",
        "A merge patch (RFC 7396). Activating it needs the right to grant it.",
    );
    resource::describe_update::<RoleFields>(doc, json!({ "name": "Drafter" })).errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::LastAdministrator,
        ErrorCode::OwnLastAdminRole,
        ErrorCode::SystemRole,
    ])
}
