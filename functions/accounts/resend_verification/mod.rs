//! `POST /api/v1/auth/verify-email/resend`: the verification mail once more.

use http::StatusCode;
use rolecall_domain::account::{self, Email};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, input, openapi::Doc, response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::Context;

input! {
    /// An address that is not verified yet.
    pub struct Input as VerificationRequest {
        /// The email address.
        email: Email,
    }
}

/// A mail is on its way, whether or not there is anything to verify.
#[derive(Serialize, ToSchema)]
pub struct VerificationSent {
    /// `verification_sent`.
    #[schema(pattern = "^verification_sent$")]
    status: &'static str,
}

impl VerificationSent {
    /// The one value that it has.
    #[must_use]
    pub fn now() -> Self {
        Self { status: super::VERIFICATION_SENT }
    }
}

/// Asks for the mail.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    account::resend_verification(&ctx.ports, &input.email, &ctx.client).await?;
    response::json(StatusCode::ACCEPTED, &VerificationSent::now())
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Resend the verification mail", "The response is the same for every address.")
        .input::<Input>(json!({ "email": "ada@example.com" }))
        .response::<VerificationSent>(
            202,
            "A mail is on its way if there is anything to verify.",
            json!({ "status": "verification_sent" }),
        )
        .errors(&[ErrorCode::TooManyRequests, ErrorCode::Unavailable])
}
