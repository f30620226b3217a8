//! `POST /api/v1/organizations/{code}/invitations/{id}/resend`: mailing an invitation again.

use http::StatusCode;
use rolecall_domain::{invitation, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use super::invitation::{self as shown, Invitation};
use crate::{Context, resource::administrator};

/// Mails another link.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let (code, id) = (ctx.path("code")?, ctx.path_id("id")?);
    let by = administrator(&ctx, &authorization, &request);
    let sent = invitation::resend(&ctx.ports, by, code, id).await?;
    response::json(StatusCode::OK, &Invitation::from(&sent))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "The new link works for 7 days, the one before is dead; three an hour at most. \
        From now on the invitation stands on the caller's rights.";
    Doc::new("Resend an invitation into an organization", rules)
        .response::<Invitation>(200, "The invitation as it is now.", shown::example())
        .errors(&[ErrorCode::NotFound, ErrorCode::AboveYourLevel, ErrorCode::TooManyRequests])
}
