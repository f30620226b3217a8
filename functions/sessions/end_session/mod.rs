//! `DELETE /api/v1/user-sessions/{id}`: signing one device out.

use rolecall_domain::session::{self, Caller, Whose};
use rolecall_http::{
    ErrorCode, Problem, Request, Response,
    extract::{self, Fields},
    openapi::Doc,
    response,
};

use super::whose;
use crate::Context;

/// Whose session it is.
pub struct Query {
    whose: Whose,
}

impl extract::Input for Query {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { whose: whose::read(fields)? })
    }
}

/// Ends one session; somebody else's is as unknown as one that never was.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let query: Query = extract::query(&request)?;
    let id = ctx.path_id("id")?;
    session::end_session(&ctx.ports, &caller, query.whose, id, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "End a session",
        "Its tokens are refused from the next call on. Ending it again is not an error.",
    )
    .query("user_id", whose::USER_ID)
    .empty(204, "The session has ended.")
    .errors(&[ErrorCode::Forbidden, ErrorCode::AboveYourLevel, ErrorCode::NotFound])
}
