//! `GET /api/v1/activities`: what happened, newest first.

mod query;

use http::StatusCode;
use rolecall_domain::{
    activity::{self, Range, Readable},
    session::Caller,
};
use rolecall_http::{Problem, Response, WithQuery, openapi::Doc, page, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    activity_item::{self as shown, Activity},
    scope,
};
use crate::Context;
use query::Query;

/// A page of activities.
#[derive(Serialize, ToSchema)]
pub struct Activities {
    /// Newest first. A page can be short or empty although there is a `next_cursor`: each request
    /// examines a bounded number.
    items: Vec<Activity>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of those that are asked for.
pub async fn handler(
    ctx: Context,
    caller: Caller,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    let (page, whose, filter, times) = query.split();
    let of_user = filter.user_id.or(filter.subject_id).is_some();
    let readable = Readable::of(&ctx.ports, &caller, whose.organization(), of_user).await;
    let readable = readable.map_err(scope::problem)?;
    readable.allows(&caller, &filter).map_err(scope::problem)?;
    let scope = readable.scope;
    let list = format!("activities {scope:?} {filter:?} {times:?}");
    let before = page.position(&ctx, &caller, &list).await?;
    let before = before.map(|id| id.parse().map_err(|_| page::invalid_cursor())).transpose()?;
    let range = Range { before, ..times.range(ctx.ports.clock.now()) };
    let found = activity::list(&ctx.ports, &scope, &filter, range, page.limit())
        .await
        .map_err(scope::problem)?;
    let next_cursor =
        page::cursor(&ctx, &caller, &list, found.next.map(|id| id.to_string())).await?;
    let items = found.activities.iter().map(Activity::from).collect();
    response::json(StatusCode::OK, &Activities { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "List activities",
        "In the caller's organization; super admins may name another one, or `*` for all. What one \
         did oneself, or what was done to oneself, needs no right: `user_id` or `subject_id`.",
    )
    .pages::<Query>()
    .response::<Activities>(
        200,
        "A page.",
        json!({ "items": [shown::example()], "next_cursor": null }),
    )
}
