//! `POST /api/v1/users/{id}/invitation`: another link for somebody who was invited.

use http::StatusCode;
use rolecall_domain::{account, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use super::user::{self, User};
use crate::Context;

/// Mails it and answers the account, still pending.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    _: Request,
) -> Result<Response, Problem> {
    let id = ctx.path_id("id")?;
    let person = account::resend_invitation(&ctx.ports, &authorization, id, &ctx.client).await?;
    response::with_etag(response::json(StatusCode::OK, &User::from(&person)), person.etag())
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Resend an invitation",
        "Mails a new link to a user who has not chosen a password yet; the earlier link stops \
            working.",
    )
    .response::<User>(200, "The account, pending.", user::example())
    .etag()
    .errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::NotPending,
        ErrorCode::TooManyRequests,
    ])
}
