//! `GET /api/v1/activity-stats`: closed periods, newest first.

mod query;

use http::StatusCode;
use rolecall_domain::{activity_stats, permission::Authorization};
use rolecall_http::{Problem, Response, WithQuery, openapi::Doc, page, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    scope,
    statistics::{self as shown, Statistics},
};
use crate::Context;
use query::Query;

/// A page of closed periods.
#[derive(Serialize, ToSchema)]
#[schema(as = StatisticsPage)]
pub struct Page {
    /// Newest first; also periods without activities.
    items: Vec<Statistics>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of those that are asked for.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    let log = scope::log(&ctx, &authorization, query.scope.organization()).await?;
    let (period, span) = (query.period(), query.span());
    let list = format!("statistics {log} {period:?} {span:?}");
    let before = page::position(&ctx, &authorization, &list, &query.page).await?;
    let before =
        before.map(|start| start.parse().map_err(|_| page::invalid_cursor())).transpose()?;
    let found =
        activity_stats::statistics(&ctx.ports, &log, period, span, before, query.page.limit())
            .await?;
    let next_cursor =
        page::next(&ctx, &authorization, &list, found.next.map(|start| start.to_string())).await?;
    let items = found.items.iter().map(|one| Statistics::new(period, one)).collect();
    response::json(StatusCode::OK, &Page { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "List statistics",
        "Closed periods of the caller's organization; super admins may name another one, or `*` \
            for all.",
    )
    .pages::<Query>()
    .response::<Page>(
        200,
        "A page.",
        json!({ "items": [shown::example()], "next_cursor": null }),
    )
}
