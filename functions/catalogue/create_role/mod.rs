//! `POST /api/v1/roles`: one role more.

use rolecall_domain::{permission::Authorization, role};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, idempotency, openapi::Doc};
use serde_json::json;

use super::{
    definition,
    role::{NewRole, Role},
};
use crate::Context;

/// Makes it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let new: NewRole = extract::body(&request)?;
    let idempotency =
        idempotency::idempotency(&ctx, &request, authorization.user_id(), &definition::first)
            .await?;
    definition::created(
        role::create_role(
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
    Doc::new("Create a role", "At the caller's level or below. It grants nothing yet.")
        .header(
            "Idempotency-Key",
            "The same key and body get the first response again, for 24 hours.",
        )
        .input::<NewRole>(json!({ "code": "draughtsman", "name": "Draughtsman", "level": 5 }))
        .response::<Role>(201, "The role.", super::role::example())
        .errors(&[ErrorCode::CodeTaken, ErrorCode::IdempotencyKeyReused, ErrorCode::AboveYourLevel])
}
