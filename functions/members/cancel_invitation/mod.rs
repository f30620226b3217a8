//! `DELETE /api/v1/organizations/{code}/invitations/{id}`: taking an invitation back.

use rolecall_domain::{invitation, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use crate::{Context, resource::administrator};

/// Ends it: its link is dead.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let (code, id) = (ctx.path("code")?, ctx.path_id("id")?);
    let by = administrator(&ctx, &authorization, &request);
    invitation::cancel(&ctx.ports, by, code, id).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Cancel an invitation", "Its link makes no account and no membership any more.")
        .empty(204, "Cancelled.")
        .errors(&[ErrorCode::NotFound])
}
