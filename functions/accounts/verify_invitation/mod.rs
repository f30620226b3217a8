//! `POST /api/v1/auth/accept-invitation/verify`: what the link of an invitation offers.

use http::StatusCode;
use rolecall_domain::{clock::rfc3339, invitation};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, input, openapi::Doc, response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::Context;

input! {
    /// The token of the mailed link.
    pub struct Input as InvitationToken {
        /// The `token` of the mailed link.
        token: String,
    }
}

/// What the link offers.
#[derive(Serialize, ToSchema)]
pub struct InvitationOffer {
    /// The organization's code.
    organization: String,
    /// What the organization is called.
    organization_name: String,
    /// The address that is invited.
    #[schema(format = "email")]
    email: String,
    /// Whether the address has an account: then its owner signs in and accepts.
    has_account: bool,
    /// The link works until then.
    #[schema(format = "date-time")]
    expires_at: String,
}

/// Tells what it offers, and does not use it up.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    let offer = invitation::offer(&ctx.ports, &input.token, &ctx.client).await?;
    let offer = InvitationOffer {
        organization: offer.organization.to_string(),
        organization_name: offer.name.as_str().to_owned(),
        email: offer.email.address().to_owned(),
        has_account: offer.has_account,
        expires_at: rfc3339(offer.expires_at),
    };
    response::json(StatusCode::OK, &offer)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "organization": "MY_COMPANY", "organization_name": "My Company",
        "email": "grace@example.com", "has_account": false,
        "expires_at": "2026-11-30T09:30:00.000Z" });
    Doc::new("Verify an invitation", "What the link offers; it is not used up.")
        .input::<Input>(json!({ "token": "AZnB0nqQezKfVAwdLj9KW4m8v0mC4kqK1m4e8n0y8l1c6nD8cQ" }))
        .response::<InvitationOffer>(200, "What it offers.", example)
        .errors(&[ErrorCode::InvalidToken, ErrorCode::TooManyRequests])
}
