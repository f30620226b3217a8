//! `POST /api/v1/auth/password-reset/confirm`: a new password by a mailed link.

use rolecall_domain::{account::NewPassword, recovery};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, input, openapi::Doc, response,
};
use serde_json::json;

use crate::Context;

input! {
    /// The token of the mailed link, and the new password.
    pub struct Input as PasswordResetConfirmation {
        /// The `token` of the mailed link.
        token: String,
        /// 8 to 128 characters after NFC; passwords that are easily guessed are refused.
        new_password: NewPassword,
    }
}

/// Sets the password and signs nobody in.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    recovery::confirm_password_reset(&ctx.ports, &input.token, &input.new_password, &ctx.client)
        .await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "The token works once. Every session of the user ends, failed sign-ins are reset, \
        and the owner is told by mail. A password that the policy refuses does not use up the \
        token.";
    Doc::new("Confirm a password reset", rules)
        .input::<Input>(json!({
            "token": "AZnB0nqQezKfVAwdLj9KW4m8v0mC4kqK1m4e8n0y8l1c6nD8cQ3q7E0mC4kqK1m4",
            "new_password": "copper-meadow-lantern-58",
        }))
        .empty(204, "Sign in with the new password.")
        .errors(&[ErrorCode::InvalidToken, ErrorCode::TooManyRequests, ErrorCode::Unavailable])
}
