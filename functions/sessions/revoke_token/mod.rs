//! `POST /api/v1/auth/token/revoke`: signing out.

use rolecall_domain::session;
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};
use serde_json::json;

use super::refresh_token::Input;
use crate::Context;

/// Ends the session of a refresh token; 204 for every text (RFC 7009 §2.2).
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    session::revoke(&ctx.ports, &input.refresh, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Sign out",
        "Ends the session of the token; its access tokens are refused from the next call on.",
    )
    .input::<Input>(json!({ "refresh": "rcr_AZnB0noQezKfVAwdLj9KWw…" }))
    .empty(204, "The session has ended.")
    .errors(&[ErrorCode::Unavailable])
}
