//! `GET /api/v1/activities/summary`: the last day at a glance.

mod output;

use http::StatusCode;
use rolecall_domain::{permission::Right, stats};
use rolecall_http::{Answer, Context, Request, answer, extract, guard, openapi::Doc};

use super::scope::{self, ScopeQuery};
pub use output::{ActivitySummary, TopActivity};

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ReadActivities, Right::ReadStats];

/// Adds it up.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let ScopeQuery { organization } = extract::query(&request)?;
    let log = scope::log(&permit, organization.as_deref())?;
    // The caller is here, too.
    ctx.settle().await;
    let summary = stats::summary(&ctx.ports, &log).await?;
    answer::json(StatusCode::OK, &ActivitySummary::from(&summary))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "The last day at a glance",
        "Of the caller's organization; a super admin may ask for another, and for `*`.",
    )
    .query(
        "organization",
        "Another organization, or `*`; for super admins.",
    )
    .answer::<ActivitySummary>(200, "The summary.", output::example())
}
