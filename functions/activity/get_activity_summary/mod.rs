//! `GET /api/v1/activities/summary`: the last day at a glance.

mod output;

use http::StatusCode;
use rolecall_domain::{activity_stats, permission::Right};
use rolecall_http::{Context, Problem, Request, Response, extract, guard, openapi::Doc, response};

use super::scope::{self, ScopeQuery};
pub use output::{ActivitySummary, TopActivity};

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ReadActivities, Right::ReadActivityStats];

/// Adds it up.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let authorization = guard::authorize(&ctx, &request, NEEDS).await?;
    let ScopeQuery { organization } = extract::query(&request)?;
    let log = scope::log(&authorization, organization.as_deref())?;
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
    .query("organization", "Another organization, or `*` for all; super admins only.")
    .response::<ActivitySummary>(200, "The summary.", output::example())
}
