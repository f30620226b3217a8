//! After an incident: ends every session, device, mailed link and sealed value of the stack.

use rolecall_domain::{clock::rfc3339, signing};
use serde_json::{Value, json};

use crate::Ports;

/// What `EventBridge` Scheduler, and the local stack, put around an input.
const AROUND: [&str; 9] =
    ["account", "detail", "detail-type", "id", "region", "resources", "source", "time", "version"];

/// Takes `{}`, or `{"passwords": true}`, which ends every password, too: people choose a new one by
/// a reset mail. Answers `{"before", "removed", "kept"}`. It cannot be taken back.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let passwords = with_passwords(&event)?;
    let ended =
        signing::sign_out_everyone(&ports, passwords).await.map_err(|error| error.to_string())?;
    if !ended.kept.is_empty() {
        tracing::error!(kept = ?ended.kept, "secret keys could not be destroyed");
    }
    tracing::warn!(before = rfc3339(ended.before), removed = ?ended.removed, passwords,
        "everybody was signed out");
    Ok(json!({ "before": rfc3339(ended.before), "removed": ended.removed, "kept": ended.kept }))
}

/// Whether passwords end as well. A slip ends nothing: whoever writes `password` means them.
fn with_passwords(event: &Value) -> Result<bool, String> {
    let told = || "the input is `{}` or `{\"passwords\": true}`".to_owned();
    let event = event.as_object().ok_or_else(told)?;
    let is_known = |name: &String| name == "passwords" || AROUND.contains(&name.as_str());
    if !event.keys().all(is_known) {
        return Err(told());
    }
    event.get("passwords").map_or(Ok(false), |passwords| passwords.as_bool().ok_or_else(told))
}

#[cfg(test)]
mod tests;
