//! `POST /api/v1/auth/password-reset/verify`: whether a reset link still works.

use rolecall_domain::recovery;
use rolecall_http::{Answer, Code, Context, Request, answer, extract, openapi::Doc};

use super::link_token::{self, LinkToken};

/// Looks at the token and does not use it up.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let input: LinkToken = extract::body(&request)?;
    recovery::verify_reset(&ctx.ports, &input.token, &ctx.client).await?;
    answer::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Look at a reset link",
        "Ask this before showing a form; it does not use the token up.",
    )
    .input::<LinkToken>(link_token::example())
    .empty(204, "The token works.")
    .errors(&[Code::InvalidToken, Code::TooManyRequests, Code::Unavailable])
}
