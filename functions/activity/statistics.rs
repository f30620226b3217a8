use std::collections::BTreeMap;

use rolecall_domain::{
    activity_stats::{self, Period},
    clock::rfc3339,
};
use rolecall_http::words;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Statistics of a closed period.
#[derive(Serialize, ToSchema)]
pub(super) struct Statistics {
    /// Start of the period; RFC 3339.
    #[schema(format = "date-time")]
    period_start: String,
    /// End of the period; RFC 3339.
    #[schema(format = "date-time")]
    period_end: String,
    /// The length of the period.
    #[schema(value_type = words::PeriodType)]
    period_type: String,
    /// All activities.
    total_activities: u64,
    /// Activities of users.
    user_activities: u64,
    /// Activities of the system.
    system_activities: u64,
    api_requests: u64,
    /// Number of activities by category.
    by_category: BTreeMap<String, u64>,
    /// Number of activities by type: the 100 types with most activities, and `other` for all the
    /// rest together.
    by_type: BTreeMap<String, u64>,
    /// Number of activities by severity.
    by_severity: BTreeMap<String, u64>,
    /// The ten most active users.
    top_users: Vec<TopUser>,
    /// Distinct users: exact up to 10,000, an estimate above.
    unique_users: u64,
    /// Average duration in milliseconds, of the activities that have one.
    avg_duration_ms: Option<f64>,
    /// Percentage of activities that succeeded; 100 if there were none.
    #[schema(minimum = 0, maximum = 100)]
    success_rate: f64,
}

/// An active user.
#[derive(Serialize, ToSchema)]
pub(super) struct TopUser {
    /// The user's id.
    #[schema(format = "uuid")]
    user_id: String,
    /// The number of activities.
    count: u64,
}

impl Statistics {
    pub(super) fn new(period: Period, one: &activity_stats::Statistics) -> Self {
        let tally = &one.tally;
        Self {
            period_start: rfc3339(one.start),
            period_end: rfc3339(period.next(one.start)),
            period_type: period.as_str().to_owned(),
            total_activities: tally.total,
            user_activities: tally.by_users,
            system_activities: tally.total - tally.by_users,
            api_requests: tally.api_requests,
            by_category: names(
                tally.categories.iter().map(|(category, count)| (category.as_str(), *count)),
            ),
            by_type: types(&tally.types),
            by_severity: names(
                tally.severities.iter().map(|(severity, count)| (severity.as_str(), *count)),
            ),
            top_users: one
                .top
                .iter()
                .map(|(user, count)| TopUser { user_id: user.to_string(), count: *count })
                .collect(),
            unique_users: one.unique,
            avg_duration_ms: tally.average_millis(),
            success_rate: tally.success_rate(),
        }
    }
}

/// Counts by type. A type that is itself called `other` is among the rest.
fn types(types: &activity_stats::Types) -> BTreeMap<String, u64> {
    let mut counts = names(types.iter());
    if types.other() > 0 {
        *counts.entry("other".to_owned()).or_default() += types.other();
    }
    counts
}

/// Counts by their names.
pub(super) fn names<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> BTreeMap<String, u64> {
    counts.map(|(name, count)| (name.to_owned(), count)).collect()
}

pub(super) fn example() -> Value {
    json!({
        "period_start": "2026-11-23T10:00:00.000Z",
        "period_end": "2026-11-23T11:00:00.000Z",
        "period_type": "hour",
        "total_activities": 4,
        "user_activities": 3,
        "system_activities": 1,
        "api_requests": 2,
        "by_category": { "api": 2, "data_management": 2 },
        "by_type": { "api_request": 2, "document_uploaded": 2 },
        "by_severity": { "info": 2, "normal": 2 },
        "top_users": [{ "user_id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b", "count": 3 }],
        "unique_users": 1,
        "avg_duration_ms": 12.5,
        "success_rate": 100.0,
    })
}
