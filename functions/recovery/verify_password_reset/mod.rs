//! `POST /api/v1/auth/password-reset/verify`: whether a reset link still works.

use rolecall_domain::recovery;
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};

use super::link_token::{self, LinkToken};
use crate::Context;

/// Looks at the token and does not use it up.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: LinkToken = extract::body(&request)?;
    recovery::verify_password_reset(&ctx.ports, &input.token, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Verify a password reset token",
        "Call this before you show a form; it does not use up the token.",
    )
    .input::<LinkToken>(link_token::example())
    .empty(204, "The token works.")
    .errors(&[ErrorCode::InvalidToken, ErrorCode::TooManyRequests, ErrorCode::Unavailable])
}
