//! `POST /api/v1/auth/decline-invitation`: not joining an organization.

use rolecall_domain::invitation;
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};
use serde_json::json;

use super::verify_invitation::Input;
use crate::Context;

/// Ends the invitation of the link.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    invitation::decline_by_link(&ctx.ports, &input.token, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Decline an invitation", "Its link is dead from then on.")
        .input::<Input>(json!({ "token": "AZnB0nqQezKfVAwdLj9KW4m8v0mC4kqK1m4e8n0y8l1c6nD8cQ" }))
        .empty(204, "Declined.")
        .errors(&[ErrorCode::InvalidToken, ErrorCode::TooManyRequests])
}
