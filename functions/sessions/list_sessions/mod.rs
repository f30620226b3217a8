//! `GET /api/v1/user-sessions`: where somebody is signed in.

mod output;

use http::StatusCode;
use rolecall_domain::session::{self, Caller, Whose};
use rolecall_http::{
    ErrorCode, Problem, Response, WithQuery, input,
    openapi::Doc,
    page::{self, PageQuery},
    response,
};

use super::whose::WhoseQuery;
use crate::Context;
pub use output::{UserSession, UserSessions};

input! {
    /// Whose sessions, and which page of them.
    pub struct Query as SessionQuery {
        .. page: PageQuery,
        .. whose: WhoseQuery,
    }
}

/// Returns a page of the caller's own sessions, or to a super admin of anybody's.
pub async fn handler(
    ctx: Context,
    caller: Caller,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    let Query { page, whose } = query;
    let whose = Whose::from(whose);
    let list = format!("user-sessions {whose:?}");
    let before = page
        .position(&ctx, &caller, &list)
        .await?
        .map(|id| id.parse().map_err(|_| page::invalid_cursor()))
        .transpose()?;
    // The caller's own session shows this very call.
    ctx.settle().await;
    let mut found = session::sessions(&ctx.ports, &caller, whose, before, page.limit() + 1).await?;
    let is_cut = found.sessions.len() > page.limit();
    found.sessions.truncate(page.limit());
    let position = found.sessions.last().filter(|_| is_cut).map(|last| last.id.to_string());
    let next_cursor = page::cursor(&ctx, &caller, &list, position).await?;
    response::json(
        StatusCode::OK,
        &UserSessions::new(&found, &caller, ctx.ports.clock.now(), next_cursor),
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("List sessions", "The caller's sessions, newest first, active and ended.")
        .pages::<Query>()
        .response::<UserSessions>(200, "A page of sessions.", output::example())
        .errors(&[ErrorCode::Forbidden, ErrorCode::AboveYourLevel, ErrorCode::NotFound])
}
