//! `POST /api/v1/auth/email-change`: asking for another email address.

use http::StatusCode;
use rolecall_domain::{
    account::{NewEmail, PlainPassword},
    recovery,
    session::Caller,
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, input, openapi::Doc, response,
};
use serde_json::json;

use crate::accounts::register::VerificationSent;

use crate::Context;

input! {
    /// The new email address, and the current password.
    pub struct Input as EmailChange {
        /// The new email address, of ASCII alone before the `@`.
        new_email: NewEmail,
        current_password: PlainPassword,
    }
}

/// Mails the wished address a link and the present one a notice.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    recovery::request_email_change(
        &ctx.ports,
        &caller,
        &input.new_email.into(),
        &input.current_password,
        &ctx.client,
    )
    .await?;
    response::json(StatusCode::ACCEPTED, &VerificationSent::now())
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "The new address gets a link, the current one a notice. The response is the same \
        for an address that has an account: its owner gets a notice instead. At most three times \
        an hour.";
    Doc::new("Request an email change", rules)
        .input::<Input>(json!({ "new_email": "countess@example.com",
            "current_password": "violet-anchor-mosaic-91" }))
        .response::<VerificationSent>(
            202,
            "Follow the link in the mail.",
            json!({ "status": "verification_sent" }),
        )
        .errors(&[ErrorCode::TooManyRequests])
}
