//! Makes the statistics of the minutes, hours and days that have closed.

use rolecall_domain::{activity_stats, clock::Timestamp};
use serde_json::{Value, json};

use crate::Ports;

/// Takes EventBridge's event: periods that closed by its `time` are made, as far as the clock has
/// come. Running it twice, at the same time, late, or after an outage comes to the same numbers.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let time = event.get("time").and_then(Value::as_str).ok_or("the event has no time")?;
    let time: Timestamp = time.parse().map_err(|_| format!("`{time}` is no time"))?;
    let done = activity_stats::aggregate(&ports, time).await.map_err(|error| error.to_string())?;
    tracing::info!(
        activities = done.activities,
        periods = done.periods,
        watermark = done.watermark,
        "statistics"
    );
    Ok(json!({ "activities": done.activities, "periods": done.periods,
            "watermark": done.watermark }))
}
