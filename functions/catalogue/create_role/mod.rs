//! `POST /api/v1/roles`: one role more.

use rolecall_domain::{permission::Authorization, role::RoleFields};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};
use serde_json::json;

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::create::<RoleFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new(
        "Create a role",
        "At the caller's level or below, with `catalog.manage`; with `organization` that \
            organization's own, below the caller's level, with `roles.manage` there. It grants \
            nothing yet.",
    );
    resource::describe_create::<RoleFields>(
        doc,
        json!({ "code": "draughtsman", "name": "Draughtsman", "level": 5 }),
    )
    .errors(&[ErrorCode::CodeTaken, ErrorCode::NotFound, ErrorCode::AboveYourLevel])
}
