//! `POST /api/v1/auth/email-change/confirm`: following the link to a new address.

use rolecall_domain::recovery;
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};

use super::link_token::{self, LinkToken};
use crate::Context;

/// Moves the account to the address that the link was mailed to.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: LinkToken = extract::body(&request)?;
    recovery::confirm_email_change(&ctx.ports, &input.token, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Confirm an email change",
        "The link works once; an address that was taken in the meantime is refused like a used \
            token.",
    )
    .input::<LinkToken>(link_token::example())
    .empty(204, "Sign in with the new address from now on.")
    .errors(&[ErrorCode::InvalidToken, ErrorCode::TooManyRequests, ErrorCode::Unavailable])
}
