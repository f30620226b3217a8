//! `DELETE /api/v1/user-sessions/{id}`: signing one device out.

use rolecall_domain::session::{self, Caller};
use rolecall_http::{ErrorCode, Problem, Response, WithQuery, openapi::Doc, response};

use super::whose::WhoseQuery;
use crate::Context;

/// Ends one session; somebody else's is as unknown as one that never was.
pub async fn handler(
    ctx: Context,
    caller: Caller,
    WithQuery(whose): WithQuery<WhoseQuery>,
) -> Result<Response, Problem> {
    let id = ctx.path_id("id")?;
    session::end_session(&ctx.ports, &caller, whose.into(), id, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "End a session",
        "Its tokens are refused from the next call on. Ending it again is not an error.",
    )
    .query::<WhoseQuery>()
    .empty(204, "The session has ended.")
    .errors(&[ErrorCode::Forbidden, ErrorCode::AboveYourLevel, ErrorCode::NotFound])
}
