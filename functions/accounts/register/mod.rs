//! `POST /api/v1/auth/register`: signing up.

mod input;

use rolecall_domain::{
    account::{self, Registered},
    idempotency::StoredResponse,
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, idempotency, openapi::Doc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

pub use input::Input;

use super::user::{self, User};
use crate::Context;

/// A mail is on its way, whether or not the address has an account.
#[derive(Serialize, ToSchema)]
pub struct SignedUp<'a> {
    /// `verification_sent`.
    #[schema(pattern = "^verification_sent$")]
    status: &'static str,
    /// With it, the same browser needs no password to verify the address.
    #[schema(pattern = "^rcv_[A-Za-z0-9_-]+$")]
    verifier: &'a str,
}

/// Signs up by the mode of the settings.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    let idempotency = idempotency::of_secret(&ctx, &request, None, &stored_response)?;
    let registered = account::register(&ctx.ports, input.into(), idempotency, &ctx.client).await?;
    idempotency::created(registered, stored_response)
}

fn stored_response(registered: &Registered) -> StoredResponse {
    match registered {
        Registered::VerificationSent { verifier } => {
            idempotency::first(202, &SignedUp { status: super::VERIFICATION_SENT, verifier })
        }
        Registered::Active(user) => idempotency::first(201, &User::from(user.as_ref())),
    }
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let modes = "Mode `verified` mails a link and responds the same for a known and an unknown \
        address; mode `open` creates the account at once and mails a link that verifies its \
        address; mode `invite` refuses. With an `Idempotency-Key`, the first response is given \
        again for 10 minutes.";
    Doc::new("Sign up", modes)
        .idempotent()
        .input::<Input>(json!({ "username": "ada", "email": "ada@example.com",
            "password": "violet-anchor-mosaic-91" }))
        .response::<SignedUp<'_>>(
            202,
            "Mode `verified`: follow the link in the mail.",
            json!({ "status": "verification_sent", "verifier": "rcv_mC4kqK1m4e8n0y8l1c6nD8c" }),
        )
        .response::<User>(201, "Mode `open`: the account, active.", user::example())
        .errors(&[ErrorCode::RegistrationClosed, ErrorCode::EmailTaken, ErrorCode::UsernameTaken])
        .errors(&[ErrorCode::TooManyRequests, ErrorCode::Unavailable])
}

#[cfg(test)]
mod tests;
