//! `DELETE /api/v1/user-sessions/{id}`: signing one device out.

use rolecall_domain::session::{self, EndError};
use rolecall_http::{Answer, Code, Context, Problem, Request, answer, extract, guard, openapi::Doc};

/// Ends one of the caller's sessions; somebody else's is as unknown as one that never was.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let caller = guard::signed_in(&ctx, &request).await?;
    let id = extract::last_segment(&request).parse().map_err(|_| Problem::from(EndError::NotFound))?;
    session::end_session(&ctx.ports, &caller, id, &ctx.client).await?;
    answer::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Sign one device out", "Its tokens are dead on the next call. Ending it again is no error.")
        .empty(204, "The session is over.")
        .errors(&[Code::NotFound])
}
