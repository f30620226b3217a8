//! `POST /api/v1/auth/email-change/confirm`: following the link to a new address.

use rolecall_domain::{
    account::PlainPassword,
    recovery::{self, OwnerProof},
    session::Caller,
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, input, openapi::Doc, response,
};
use serde_json::json;

use super::link_token::TOKEN;
use crate::Context;

input! {
    /// The token of a mailed link, and the account's password where nobody is signed in.
    pub struct Input as EmailConfirmation {
        /// The `token` of the mailed link.
        token: String,
        /// The password of the account that wants the address.
        password: Option<PlainPassword>,
    }
}

/// Moves the account to the address that the link was mailed to.
pub async fn handler(
    ctx: Context,
    caller: Option<Caller>,
    request: Request,
) -> Result<Response, Problem> {
    let Input { token, password } = extract::body(&request)?;
    let proof = match (&password, &caller) {
        (Some(password), _) => OwnerProof::Password(password),
        (None, Some(caller)) => OwnerProof::Session(caller),
        (None, None) => OwnerProof::None,
    };
    recovery::confirm_email_change(&ctx.ports, &token, proof, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Confirm an email change",
        "The link proves the address; the account's bearer token or its `password` says that the \
            account wants it. Neither is `invalid_credentials`, and the link stays. It works once; \
            an address that was taken in the meantime is refused like a used token.",
    )
    .input::<Input>(json!({ "token": TOKEN,
        "password": "violet-anchor-mosaic-91" }))
    .empty(204, "Sign in with the new address from now on.")
    .errors(&[ErrorCode::InvalidToken, ErrorCode::InvalidCredentials])
    .errors(&[ErrorCode::TooManyRequests, ErrorCode::Unavailable])
}
