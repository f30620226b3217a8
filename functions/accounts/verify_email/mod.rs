//! `POST /api/v1/auth/verify-email`: following the link of a sign-up.

use rolecall_domain::account;
use rolecall_http::{
    Answer, Code, Context, Request, answer,
    extract::{self, Fields},
    openapi::Doc,
};
use serde_json::json;
use utoipa::ToSchema;

/// The token of the link.
#[derive(ToSchema)]
#[schema(as = Verification)]
pub struct Input {
    /// What stands behind `token=` in the mail.
    token: String,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { token: fields.required("token", |text| Ok(text.to_owned()))? })
    }
}

/// Makes the account of the sign-up, active.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let input: Input = extract::body(&request)?;
    account::verify_email(&ctx.ports, &input.token).await?;
    answer::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Prove an email address",
        "Works once, for 24 hours. The account gets the password of the sign-up that the link was mailed for.",
    )
    .input::<Input>(json!({ "token": "iN3W0bW0xQ5m8v0mC4kqK1m4e8n0y8l1c6nD8cQ3q7E" }))
    .empty(204, "The account is active.")
    .errors(&[Code::InvalidToken, Code::Unavailable])
}
