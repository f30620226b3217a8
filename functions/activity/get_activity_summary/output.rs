use std::collections::BTreeMap;

use rolecall_domain::activity_stats;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::activity::statistics::names;

/// The last 24 hours, to the minute.
#[derive(Serialize, ToSchema)]
pub struct ActivitySummary {
    /// Activities of the last hour.
    total_last_hour: u64,
    /// Activities of the last 24 hours.
    total_last_24h: u64,
    /// Number of activities by category.
    by_category: BTreeMap<String, u64>,
    /// Number of activities by severity.
    by_severity: BTreeMap<String, u64>,
    /// Percentage of activities that succeeded; 100 if there were none.
    success_rate: f64,
    /// Average duration in milliseconds, of the activities that have one.
    average_duration_ms: Option<f64>,
    /// People who were active within five minutes, counted up to 1000.
    active_users: usize,
    /// The ten most frequent types.
    top_activities: Vec<TopActivity>,
}

/// A frequent type.
#[derive(Serialize, ToSchema)]
pub struct TopActivity {
    /// The type.
    activity_type: String,
    /// The number of activities.
    count: u64,
}

impl From<&activity_stats::Summary> for ActivitySummary {
    fn from(summary: &activity_stats::Summary) -> Self {
        let day = &summary.day;
        let top = day.types.top(10).into_iter();
        Self {
            total_last_hour: summary.last_hour,
            total_last_24h: day.total,
            by_category: names(
                day.categories.iter().map(|(category, count)| (category.as_str(), *count)),
            ),
            by_severity: names(
                day.severities.iter().map(|(severity, count)| (severity.as_str(), *count)),
            ),
            success_rate: day.success_rate(),
            average_duration_ms: day.average_millis(),
            active_users: summary.active_users,
            top_activities: top
                .map(|(one, count)| TopActivity { activity_type: one.to_owned(), count })
                .collect(),
        }
    }
}

pub(super) fn example() -> Value {
    json!({
        "total_last_hour": 2,
        "total_last_24h": 4,
        "by_category": { "api": 2, "data_management": 2 },
        "by_severity": { "info": 2, "normal": 2 },
        "success_rate": 100.0,
        "average_duration_ms": 12.5,
        "active_users": 1,
        "top_activities": [{ "activity_type": "api_request", "count": 2 }],
    })
}
