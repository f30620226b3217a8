//! `POST /api/v1/auth/verify-email`: following the link of a sign-up.

mod input;

use rolecall_domain::account;
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};
use serde_json::json;

pub use input::Input;

use crate::Context;

/// Verifies the address, and makes the account of the sign-up that the credential tells.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    let (token, proof, username) = input.into_parts()?;
    let username = username.as_ref();
    account::verify_email(&ctx.ports, &token, &proof, username, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Verify an email address",
        "The link proves the address; the `password` of the sign-up, or the `verifier` that \
            registering returned, tells whose sign-up it is. `username` and `new_password` in \
            place of both sign up afresh. Neither, or the wrong one, is `invalid_credentials`, and \
            the link stays. The same request again is 204.",
    )
    .input::<Input>(json!({ "token": "mC4kqK1m4e8n0y8l1c6nD8cQ3q7EiN3W0bW0xQ5m8v0",
        "password": "violet-anchor-mosaic-91" }))
    .empty(204, "The account is active.")
    .errors(&[ErrorCode::InvalidToken, ErrorCode::TokenExpired, ErrorCode::InvalidCredentials])
    .errors(&[ErrorCode::UsernameTaken, ErrorCode::TooManyRequests, ErrorCode::Unavailable])
}
