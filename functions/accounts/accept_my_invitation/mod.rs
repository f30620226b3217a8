//! `POST /api/v1/me/invitations/{id}/accept`: joining an organization.

use http::StatusCode;
use rolecall_domain::{invitation, session::Caller};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use crate::{
    Context,
    members::{Member, member_example},
};

/// Makes the caller a member.
pub async fn handler(ctx: Context, caller: Caller, _: Request) -> Result<Response, Problem> {
    let id = ctx.path_id("id")?;
    let member = invitation::accept(&ctx.ports, &caller, id, &ctx.client).await?;
    response::json(StatusCode::OK, &Member::from(&member))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "The invitation is to the caller's own proven address. Act there with `POST \
        /auth/switch-organization`, or sign in there.";
    Doc::new("Accept an invitation of mine", rules)
        .response::<Member>(200, "The membership.", member_example())
        .errors(&[ErrorCode::NotFound, ErrorCode::AlreadyMember, ErrorCode::ValidationFailed])
}
