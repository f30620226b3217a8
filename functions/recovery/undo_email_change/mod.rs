//! `POST /api/v1/auth/email-change/undo`: the way back, by the links of the two notices.

use rolecall_domain::recovery;
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};

use super::link_token::{self, LinkToken};
use crate::Context;

/// Stops the change that the link was mailed for, or takes it back.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: LinkToken = extract::body(&request)?;
    recovery::undo_email_change(&ctx.ports, &input.token, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Undo an email change",
        "The link of the first notice stops the change while it waits. The link of the second one \
            takes it back for 7 days, whatever changed since: the account has the address of \
            before again, verified; every session, device and open link ends, and so does the \
            password. A link for a new one is mailed to that address. Until then the address \
            stays taken. Each link works once.",
    )
    .input::<LinkToken>(link_token::example())
    .empty(204, "The account has, or keeps, the address that the link was mailed to.")
    .errors(&[ErrorCode::InvalidToken, ErrorCode::TokenExpired])
    .errors(&[ErrorCode::TooManyRequests, ErrorCode::Unavailable])
}
