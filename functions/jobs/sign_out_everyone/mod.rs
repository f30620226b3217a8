//! After an incident: ends every session, device, mailed link and sealed value of the stack.

use rolecall_domain::{clock::rfc3339, signing};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Ports;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    #[serde(default)]
    passwords: bool,
    /// When the run was started, where a schedule or the local stack tells.
    #[serde(default, rename = "time")]
    _time: Option<String>,
}

/// Takes `{}`, or `{"passwords": true}`, which ends every password, too: people choose a new one by
/// a reset mail. Answers `{"before", "removed", "kept"}`. It cannot be taken back.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let input: Input = serde_json::from_value(event)
        .map_err(|error| format!("not `{{\"passwords\": true}}` or `{{}}`: {error}"))?;
    let ended = signing::sign_out_everyone(&ports, input.passwords)
        .await
        .map_err(|error| error.to_string())?;
    if !ended.kept.is_empty() {
        tracing::error!(kept = ?ended.kept, "secret keys could not be destroyed");
    }
    tracing::warn!(before = rfc3339(ended.before), removed = ?ended.removed,
        passwords = input.passwords, "everybody was signed out");
    Ok(json!({ "before": rfc3339(ended.before), "removed": ended.removed, "kept": ended.kept }))
}

#[cfg(test)]
mod tests;
