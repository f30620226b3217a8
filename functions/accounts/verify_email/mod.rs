//! `POST /api/v1/auth/verify-email`: following the link of a sign-up.

use rolecall_domain::account;
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};
use serde_json::json;

use crate::recovery::LinkToken;

use crate::Context;

/// Makes the account of the sign-up, active.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: LinkToken = extract::body(&request)?;
    account::verify_email(&ctx.ports, &input.token, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Verify an email address",
        "The link works once, for 24 hours. The account gets the password of the sign-up that the \
            link was mailed for.",
    )
    .input::<LinkToken>(json!({ "token": "iN3W0bW0xQ5m8v0mC4kqK1m4e8n0y8l1c6nD8cQ3q7E" }))
    .empty(204, "The account is active.")
    .errors(&[ErrorCode::InvalidToken, ErrorCode::TooManyRequests, ErrorCode::Unavailable])
}
