//! `POST /api/v1/permissions`: one permission more.

use rolecall_domain::permission::{self, Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, idempotency, openapi::Doc};
use serde_json::json;

use super::{
    definition,
    permission::{NewPermission, Permission},
};
use crate::Context;

/// Makes it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let new: NewPermission = extract::body(&request)?;
    let idempotency =
        idempotency::idempotency(&ctx, &request, authorization.user_id(), &definition::first)
            .await?;
    definition::created(
        permission::create_permission(
            &ctx.ports,
            &authorization,
            new.into(),
            idempotency.as_ref(),
            &ctx.client,
        )
        .await?,
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Create a permission", "It has no effect until a role grants it.")
        .header(
            "Idempotency-Key",
            "The same key and body get the first response again, for 24 \
            hours.",
        )
        .input::<NewPermission>(
            json!({ "code": "pid.create", "module": "PID", "name": "Create diagrams",
                "action": "create" }),
        )
        .response::<Permission>(201, "The permission.", super::permission::example())
        .errors(&[ErrorCode::CodeTaken, ErrorCode::IdempotencyKeyReused])
}
