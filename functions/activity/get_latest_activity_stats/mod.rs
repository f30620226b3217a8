//! `GET /api/v1/activity-stats/latest`: the last closed minute, hour and day.

use http::StatusCode;
use rolecall_domain::{
    activity_stats::{self, Period},
    permission::Authorization,
};
use rolecall_http::{Problem, Response, WithQuery, openapi::Doc, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    scope::{self, ScopeQuery},
    statistics::{self as shown, Statistics},
};
use crate::Context;

/// The latest closed period of each length; `null` where there is none yet.
#[derive(Serialize, ToSchema)]
#[schema(as = LatestStatistics)]
pub struct Latest {
    /// The last minute.
    minute: Option<Statistics>,
    /// The last hour.
    hour: Option<Statistics>,
    /// The last day.
    day: Option<Statistics>,
}

/// Returns them.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<ScopeQuery>,
) -> Result<Response, Problem> {
    let log = scope::log(&ctx, &authorization, query.organization()).await?;
    let [minute, hour, day] = activity_stats::latest(&ctx.ports, &log).await?;
    let of = |period, one: Option<activity_stats::Statistics>| {
        one.map(|one| Statistics::new(period, &one))
    };
    let latest = Latest {
        minute: of(Period::Minute, minute),
        hour: of(Period::Hour, hour),
        day: of(Period::Day, day),
    };
    response::json(StatusCode::OK, &latest)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Get the latest statistics",
        "In the caller's organization; super admins may name another one, or `*` for all.",
    )
    .query::<ScopeQuery>()
    .response::<Latest>(
        200,
        "The last closed period of each length.",
        json!({ "minute": null, "hour": shown::example(), "day": null }),
    )
}
