//! `POST /api/v1/auth/unlock`: the owner's own way out of a lock.

use rolecall_domain::recovery;
use rolecall_http::{Answer, Code, Context, Request, answer, extract, openapi::Doc};

use super::link_token::{self, LinkToken};

/// Ends the lock that the link was mailed for.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let input: LinkToken = extract::body(&request)?;
    recovery::unlock(&ctx.ports, &input.token, &ctx.client).await?;
    answer::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Unlock my account",
        "Works once, while the lock lasts; the failed sign-ins that brought it are forgotten.",
    )
    .input::<LinkToken>(link_token::example())
    .empty(204, "The account is unlocked.")
    .errors(&[Code::InvalidToken, Code::TooManyRequests, Code::Unavailable])
}
