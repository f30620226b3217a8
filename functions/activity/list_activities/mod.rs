//! `GET /api/v1/activities`: what happened, newest first.

mod query;

use http::StatusCode;
use rolecall_domain::{
    activity::{self, Range, Scope},
    permission::Authorization,
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
    authorization: Authorization,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    let (page, whose, filter, times) = query.split();
    let asked = whose.organization();
    // A user's activities lie in the logs of all their organizations.
    let is_everywhere = asked.is_none()
        && filter.user_id.or(filter.subject_id).is_some()
        && authorization.is_super_admin();
    let scope = if is_everywhere {
        Scope::Everything
    } else {
        Scope::of(&ctx.ports, &authorization, asked).await.map_err(scope::problem)?
    };
    let list = format!("activities {scope:?} {filter:?} {times:?}");
    let before = page::behind(&ctx, &authorization, &list, &page).await?;
    let range = Range { before, ..times.range(ctx.ports.clock.now()) };
    let found = activity::list(&ctx.ports, &scope, &filter, range, page.limit())
        .await
        .map_err(scope::problem)?;
    let next_cursor =
        page::next(&ctx, &authorization, &list, found.next.map(|id| id.to_string())).await?;
    let items = found.activities.iter().map(Activity::from).collect();
    response::json(StatusCode::OK, &Activities { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "List activities",
        "In the caller's organization; super admins may name another one, or `*` for all.",
    )
    .pages::<Query>()
    .response::<Activities>(
        200,
        "A page.",
        json!({ "items": [shown::example()], "next_cursor": null }),
    )
}
