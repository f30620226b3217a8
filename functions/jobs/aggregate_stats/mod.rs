//! Makes the statistics of the minutes, hours and days that have closed.

use rolecall_domain::{activity_stats, clock::Timestamp};
use serde_json::{Value, json};

use crate::{Ports, jobs::batch::cause};

/// Takes EventBridge's event: periods that closed by its `time` are made, as far as the clock has
/// come. Running it twice, at the same time, late, or after an outage comes to the same numbers. An
/// organization that cannot be counted is told in the log and made up for later.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let time = event.get("time").and_then(Value::as_str).ok_or("the event has no time")?;
    let time: Timestamp = time.parse().map_err(|_| format!("`{time}` is no time"))?;
    let done = activity_stats::aggregate(&ports, time).await.map_err(|error| error.to_string())?;
    for (organization, error) in &done.failed {
        tracing::error!(organization, error = %error, cause = cause(error), "statistics of an \
            organization were not made; the others were");
    }
    tracing::info!(
        activities = done.activities,
        periods = done.periods,
        watermark = done.watermark,
        "statistics"
    );
    Ok(json!({ "activities": done.activities, "periods": done.periods,
            "watermark": done.watermark, "failed": done.failed.len() }))
}
