//! `DELETE /api/v1/user-sessions`: signing all devices out, or all but this one.

use rolecall_domain::{
    Violation,
    session::{self, Caller, Scope},
};
use rolecall_http::{
    ErrorCode, Problem, Response, WithQuery, input, openapi::Doc, response, texts,
};

use super::whose::WhoseQuery;
use crate::Context;

input! {
    /// Which sessions to end.
    pub struct Query as EndSessionsQuery {
        /// All of them, or all but the current one.
        scope: Ending,
        .. whose: WhoseQuery,
    }
}

/// Which of somebody's sessions.
pub struct Ending(Scope);

const SCOPES: [(&str, Scope); 2] = [("others", Scope::Others), ("all", Scope::All)];

texts! {
    Ending: ending, { "enum": SCOPES.map(|(name, _)| name) };
}

fn ending(text: &str) -> Result<Ending, Violation> {
    let found = SCOPES.into_iter().find(|(name, _)| *name == text);
    found
        .map(|(_, scope)| Ending(scope))
        .ok_or_else(|| Violation::new("unknown_scope", "A scope is `others` or `all`."))
}

/// Ends them by one write, however many they are.
pub async fn handler(
    ctx: Context,
    caller: Caller,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    let Query { scope: Ending(scope), whose } = query;
    session::end_sessions(&ctx.ports, &caller, whose.into(), scope, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "End several sessions",
        "All of the caller's sessions, or all but the current one. Known devices are forgotten.",
    )
    .query::<Query>()
    .empty(204, "The sessions have ended.")
    .errors(&[ErrorCode::Forbidden, ErrorCode::AboveYourLevel, ErrorCode::NotFound])
}
