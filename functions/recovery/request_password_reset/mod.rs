//! `POST /api/v1/auth/password-reset`: asking for a link that sets a new password.

use http::StatusCode;
use rolecall_domain::{account::Email, recovery};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, input, openapi::Doc, response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::Context;

input! {
    /// The account whose password is to be reset.
    pub struct Input as PasswordReset {
        /// The account's email address.
        email: Email,
    }
}

/// A mail is on its way if the address has an account.
#[derive(Serialize, ToSchema)]
pub struct ResetSent {
    /// `reset_sent`.
    #[schema(pattern = "^reset_sent$")]
    status: &'static str,
}

/// Answers the same for every address.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    recovery::request_password_reset(&ctx.ports, &input.email, &ctx.client).await?;
    response::json(StatusCode::ACCEPTED, &ResetSent { status: "reset_sent" })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "The response is the same for a known, an unknown and a suspended account. A \
        newer link replaces the older one; at most three mails an hour.";
    Doc::new("Request a password reset", rules)
        .input::<Input>(json!({ "email": "ada@example.com" }))
        .response::<ResetSent>(
            202,
            "Follow the link in the mail, if one comes.",
            json!({ "status": "reset_sent" }),
        )
        .errors(&[ErrorCode::TooManyRequests, ErrorCode::Unavailable])
}
