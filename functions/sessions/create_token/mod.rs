//! `POST /api/v1/auth/token`: signing in.

use http::StatusCode;
use rolecall_domain::{
    Violation,
    account::{Email, PlainPassword},
    session::{self, Login},
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response,
    extract::{self, Fields},
    openapi::Doc,
    response,
};
use serde_json::json;
use utoipa::ToSchema;

use super::pair::{self, Pair};
use crate::Context;

/// Credentials.
#[derive(ToSchema)]
#[schema(as = Credentials)]
pub struct Input {
    /// The account's email address.
    #[schema(value_type = String, format = "email", max_length = 254)]
    email: Email,
    /// Its password.
    #[schema(value_type = String, format = "password", max_length = 128)]
    password: PlainPassword,
    /// The organization to act in.
    #[schema(max_length = 64)]
    organization: Option<String>,
    /// The `device` of an earlier answer: strangers' failures do not keep a known device out.
    #[schema(max_length = 512)]
    device: Option<String>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let email = fields.required("email", Email::parse);
        let password = fields.required("password", PlainPassword::parse);
        let organization = fields.optional("organization", |text| match text.len() {
            1..=64 => Ok(text.to_owned()),
            _ => Err(Violation::new("invalid", "An organization's code has 1 to 64 characters.")),
        });
        let device = fields.optional("device", |text| match text.len() {
            1..=512 => Ok(text.to_owned()),
            _ => Err(Violation::new("invalid", "A device value has 1 to 512 characters.")),
        });
        Some(Self {
            email: email?,
            password: password?,
            organization: organization?,
            device: device?,
        })
    }
}

/// Signs in.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    let login = Login {
        email: &input.email,
        password: &input.password,
        organization: input.organization.as_deref(),
        device: input.device.as_deref(),
        client: &ctx.client,
    };
    let granted = session::login(&ctx.ports, login).await?;
    response::json(StatusCode::OK, &Pair::from(granted))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "A wrong password, an unknown address and a locked account get the same response. \
        After some failures a network has to wait, then the account is locked to unknown devices \
        for a while.";
    Doc::new("Sign in", rules)
        .input::<Input>(
            json!({ "email": "ada@example.com", "password": "violet-anchor-mosaic-91" }),
        )
        .response::<Pair>(200, "A pair of tokens.", pair::example())
        .errors(&[
            ErrorCode::InvalidCredentials,
            ErrorCode::AccountNotActive,
            ErrorCode::Forbidden,
            ErrorCode::TooManyRequests,
            ErrorCode::Unavailable,
        ])
}
