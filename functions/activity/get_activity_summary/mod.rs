//! `GET /api/v1/activities/summary`: the last day at a glance.

mod output;

use http::StatusCode;
use rolecall_domain::{activity_stats, permission::Authorization};
use rolecall_http::{Problem, Response, WithQuery, openapi::Doc, response};

use super::scope::{self, ScopeQuery};
use crate::Context;
pub use output::{ActivitySummary, TopActivity};

/// Adds it up.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<ScopeQuery>,
) -> Result<Response, Problem> {
    let log = scope::log(&ctx, &authorization, query.organization()).await?;
    // The caller is here, too.
    ctx.settle().await;
    let summary = activity_stats::summary(&ctx.ports, &log).await?;
    response::json(StatusCode::OK, &ActivitySummary::from(&summary))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Get the activity summary",
        "In the caller's organization; super admins may name another one, or `*` for all.",
    )
    .query::<ScopeQuery>()
    .response::<ActivitySummary>(200, "The summary.", output::example())
}
