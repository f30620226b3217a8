//! `POST /api/v1/auth/token`: signing in.

use http::StatusCode;
use rolecall_domain::{
    Violation,
    account::{Email, PlainPassword},
    session::{self, Login},
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, input, openapi::Doc, response, texts,
};
use serde_json::json;

use super::pair::{self, Pair};
use crate::Context;

input! {
    /// Credentials.
    pub struct Input as Credentials {
        /// The account's email address.
        email: Email,
        /// Its password.
        password: PlainPassword,
        /// The organization to act in.
        organization: Option<Organization>,
        /// The `device` of an earlier answer: strangers' failures do not keep a known device out.
        device: Option<Device>,
    }
}

/// An organization's code as it was typed.
pub struct Organization(String);

/// What tells a device that signed in before.
pub struct Device(String);

texts! {
    Organization: |text| match text.len() {
        1..=64 => Ok(Organization(text.to_owned())),
        _ => Err(Violation::new("invalid", "An organization's code has 1 to 64 characters.")),
    }, { "minLength": 1, "maxLength": 64 };
    Device: |text| match text.len() {
        1..=512 => Ok(Device(text.to_owned())),
        _ => Err(Violation::new("invalid", "A device value has 1 to 512 characters.")),
    }, { "minLength": 1, "maxLength": 512 };
}

/// Signs in.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    let login = Login {
        email: &input.email,
        password: &input.password,
        organization: input.organization.as_ref().map(|Organization(code)| code.as_str()),
        device: input.device.as_ref().map(|Device(value)| value.as_str()),
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
