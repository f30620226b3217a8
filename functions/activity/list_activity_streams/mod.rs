//! `GET /api/v1/activity-streams`: the log as people read it.

use http::StatusCode;
use rolecall_domain::{
    activity_stream::{self, ActivityStreamScope, Position},
    session::Caller,
};
use rolecall_http::{
    ErrorCode, Problem, Response, WithQuery, input,
    openapi::Doc,
    page::{self, PageQuery},
    response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    activity_stream_entry::{self as shown, ActivityStreamEntry},
    scope::{self, ScopeQuery},
};
use crate::Context;

/// A page of the activity stream.
#[derive(Serialize, ToSchema)]
pub struct ActivityStream {
    /// Pinned entries first, then newest first; after a `follow_cursor`, new entries, oldest first.
    items: Vec<ActivityStreamEntry>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
    /// A cursor for following the stream: it returns each new entry once. Not available for the
    /// stream of all organizations.
    follow_cursor: Option<String>,
}

input! {
    /// Whose entries, and which page of them.
    pub struct Query as ActivityStreamQuery {
        .. page: PageQuery,
        .. scope: ScopeQuery,
    }
}

/// Returns a page of what the caller may see.
pub async fn handler(
    ctx: Context,
    caller: Caller,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    let stream_scope = ActivityStreamScope::of(&ctx.ports, &caller, query.scope.organization())
        .await
        .map_err(scope::problem)?;
    let list = stream_scope.to_string();
    let position = query.page.position(&ctx, &caller, &list).await?;
    let parse = |at: String| Position::parse(&at).ok_or_else(page::invalid_cursor);
    let position = position.map(parse).transpose()?;
    let found = activity_stream::page(&ctx.ports, &stream_scope, position, query.page.limit())
        .await
        .map_err(scope::problem)?;
    let [next, follow] = [found.next, found.follow].map(|at| at.map(|at| at.to_string()));
    let next_cursor = page::cursor(&ctx, &caller, &list, next).await?;
    let follow_cursor = page::cursor(&ctx, &caller, &list, follow).await?;
    let items = found.entries.iter().map(ActivityStreamEntry::from).collect();
    response::json(StatusCode::OK, &ActivityStream { items, next_cursor, follow_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let what = "Activities of one group within an hour are one entry. Private entries need the \
        right to read activities. An entry appears a moment after its activity.";
    let example = json!({ "items": [shown::example()], "next_cursor": null,
        "follow_cursor": "bmV3ZXIgMDE5OWMxZDI" });
    Doc::new("List the activity stream", what)
        .pages::<Query>()
        .response::<ActivityStream>(200, "A page.", example)
        .errors(&[ErrorCode::Forbidden])
}
