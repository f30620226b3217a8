//! `POST /api/v1/auth/unlock`: the owner's own way out of a lock.

use rolecall_domain::recovery;
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};

use super::link_token::{self, LinkToken};
use crate::Context;

/// Ends the lock that the link was mailed for.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: LinkToken = extract::body(&request)?;
    recovery::unlock(&ctx.ports, &input.token, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Unlock my account",
        "The link works once, while the lock lasts; the failed sign-ins that caused it are reset.",
    )
    .input::<LinkToken>(link_token::example())
    .empty(204, "The account is unlocked.")
    .errors(&[ErrorCode::InvalidToken, ErrorCode::TooManyRequests, ErrorCode::Unavailable])
}
