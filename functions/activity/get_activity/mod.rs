//! `GET /api/v1/activities/{id}`: one activity.

use http::StatusCode;
use rolecall_domain::{
    activity::{self, Readable},
    session::Caller,
};
use rolecall_http::{ErrorCode, Problem, Response, WithQuery, openapi::Doc, response};

use super::{
    activity_item::{self as shown, Activity},
    scope::{self, ScopeQuery},
};
use crate::Context;

/// Returns it.
pub async fn handler(
    ctx: Context,
    caller: Caller,
    WithQuery(query): WithQuery<ScopeQuery>,
) -> Result<Response, Problem> {
    let readable = Readable::of(&ctx.ports, &caller, query.organization(), false).await;
    let readable = readable.map_err(scope::problem)?;
    let missing = || Problem::new(ErrorCode::NotFound, "Not found, or not visible to you.");
    let id = ctx.path_id("id")?;
    let found = activity::find(&ctx.ports, &readable.scope, id).await.map_err(scope::problem)?;
    let found = readable.shown(&caller, found).map_err(scope::problem)?;
    response::json(StatusCode::OK, &Activity::from(&found.ok_or_else(missing)?))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Get an activity",
        "In the caller's organization; super admins may name another one, or `*` for all. What one \
         did oneself, or what was done to oneself, needs no right.",
    )
    .query::<ScopeQuery>()
    .response::<Activity>(200, "The activity.", shown::example())
    .errors(&[ErrorCode::Forbidden, ErrorCode::NotFound])
}
