//! `POST /api/v1/auth/token`: signing in.

use http::StatusCode;
use rolecall_domain::{
    Violation,
    account::{Email, PasswordAttempt},
    session,
};
use rolecall_http::{
    Answer, Code, Context, Request, answer,
    extract::{self, Fields},
    openapi::Doc,
};
use serde_json::json;
use utoipa::ToSchema;

use super::pair::{self, Pair};

/// Credentials.
#[derive(ToSchema)]
#[schema(as = Credentials)]
pub struct Input {
    /// The account's email address.
    #[schema(value_type = String, format = "email", max_length = 254)]
    email: Email,
    /// Its password.
    #[schema(value_type = String, format = "password", max_length = 128)]
    password: PasswordAttempt,
    /// The organization to act in.
    #[schema(max_length = 64)]
    organization: Option<String>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let email = fields.required("email", Email::parse);
        let password = fields.required("password", PasswordAttempt::parse);
        let organization = fields.optional("organization", |text| match text.len() {
            1..=64 => Ok(text.to_owned()),
            _ => Err(Violation::new("invalid", "An organization's code has 1 to 64 characters.")),
        });
        Some(Self { email: email?, password: password?, organization: organization? })
    }
}

/// Signs in.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let input: Input = extract::body(&request)?;
    let granted =
        session::login(&ctx.ports, &input.email, &input.password, input.organization.as_deref(), ctx.client.clone()).await?;
    answer::json(StatusCode::OK, &Pair::from(granted))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Sign in", "A wrong password, an unknown address and a locked account get the same answer.")
        .input::<Input>(json!({ "email": "ada@example.com", "password": "violet-anchor-mosaic-91" }))
        .answer::<Pair>(200, "A pair of tokens.", pair::example())
        .errors(&[Code::InvalidCredentials, Code::AccountNotActive, Code::Forbidden, Code::TooManyRequests, Code::Unavailable])
}
