//! `POST /api/v1/me/invitations/{id}/decline`: not joining an organization.

use rolecall_domain::{invitation, session::Caller};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use crate::Context;

/// Ends the invitation.
pub async fn handler(ctx: Context, caller: Caller, _: Request) -> Result<Response, Problem> {
    invitation::decline(&ctx.ports, &caller, ctx.path_id("id")?, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Decline an invitation of mine", "The invitation is to the caller's own address.")
        .empty(204, "Declined.")
        .errors(&[ErrorCode::NotFound])
}
