//! `POST /api/v1/modules`: one module more.

use rolecall_domain::permission::{self, Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, idempotency, openapi::Doc};
use serde_json::json;

use super::{
    definition,
    module::{Module, NewModule},
};
use crate::Context;

/// Makes it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let new: NewModule = extract::body(&request)?;
    let idempotency =
        idempotency::idempotency(&ctx, &request, authorization.user_id(), &definition::first)
            .await?;
    definition::created(
        permission::create_module(
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
    Doc::new("Create a module", "It has no effect until a role grants it.")
        .header(
            "Idempotency-Key",
            "The same key and body get the first response again, for 24 \
            hours.",
        )
        .input::<NewModule>(json!({ "code": "PID", "name": "Piping and instrumentation",
            "order": 1, "icon": "pipe" }))
        .response::<Module>(201, "The module.", super::module::example())
        .errors(&[ErrorCode::CodeTaken, ErrorCode::IdempotencyKeyReused])
}
