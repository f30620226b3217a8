//! `POST /api/v1/auth/token`: signing in.

use rolecall_domain::{
    account::{Email, PlainPassword},
    session::{self, Login},
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, cookies::Cookie, extract, fields::Text, input,
    openapi::Doc,
};
use serde_json::json;

use super::pair::{self, Delivery, Pair};
use crate::Context;

input! {
    /// An email address and a password.
    pub struct Input as Credentials {
        /// The account's email address.
        email: Email,
        /// The account's password.
        password: PlainPassword,
        /// The organization to act in.
        organization: Option<Text<1, 64>>,
        /// The `device` of an earlier sign-in: failed sign-ins of strangers do not lock a known
        /// device out.
        device: Option<Text<1, 512>>,
    }
}

/// Signs in.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let delivery = Delivery::of(&request)?;
    let input: Input = extract::body(&request)?;
    let known = Cookie::Device.read(&ctx.ports.settings.issuer, &request);
    let login = Login {
        email: &input.email,
        password: &input.password,
        organization: input.organization.as_ref().map(Text::as_str),
        device: input.device.as_ref().map(Text::as_str).or(known),
        client: &ctx.client,
    };
    let granted = session::login(&ctx.ports, login).await?;
    delivery.response(&ctx, granted)
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
            ErrorCode::Unauthenticated,
            ErrorCode::AccountNotActive,
            ErrorCode::Forbidden,
            ErrorCode::TooManyRequests,
            ErrorCode::Unavailable,
        ])
}
