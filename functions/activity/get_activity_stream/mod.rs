//! `GET /api/v1/activity-streams/{id}`: one entry of the activity stream.

use rolecall_domain::{
    activity_stream::{self, ActivityStreamScope},
    session::Caller,
};
use rolecall_http::{ErrorCode, Problem, Response, WithQuery, openapi::Doc};

use super::{
    activity_stream_entry::{self as shown, ActivityStreamEntry},
    scope::{self, ScopeQuery},
};
use crate::Context;

/// Returns it if the caller may see it.
pub async fn handler(
    ctx: Context,
    caller: Caller,
    WithQuery(query): WithQuery<ScopeQuery>,
) -> Result<Response, Problem> {
    let stream_scope = ActivityStreamScope::of(&ctx.ports, &caller, query.organization())
        .await
        .map_err(scope::problem)?;
    let missing = || Problem::new(ErrorCode::NotFound, "Not found, or not visible to you.");
    let id = ctx.path_id("id")?;
    let found =
        activity_stream::find(&ctx.ports, &stream_scope, id).await.map_err(scope::problem)?;
    shown::shown(&found.ok_or_else(missing)?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Get an activity stream entry",
        "In the caller's organization; super admins may name another one, or `*` for all.",
    )
    .query::<ScopeQuery>()
    .response::<ActivityStreamEntry>(200, "The entry.", shown::example())
    .etag()
    .errors(&[ErrorCode::NotFound, ErrorCode::Forbidden])
}
