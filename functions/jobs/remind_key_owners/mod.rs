//! Tells the owners of API keys, or who made them for service accounts, that they end in a week.

use rolecall_domain::{api_key, ports::ApiKeyStore};
use serde_json::{Value, json};

use crate::Ports;

/// So many are read at once.
const PAGE: usize = 50;

/// So many are told in a run at most; the next run goes on.
const MOST: usize = 10_000;

/// Takes EventBridge's event. One that cannot be told now holds up no other one; again tells nobody
/// twice. Answers `{"told", "moot", "failed"}`.
pub async fn handler(ports: Ports, _event: Value) -> Result<Value, String> {
    let now = ports.clock.now();
    let (mut told, mut moot, mut failed, mut last) = (0, 0, 0, None);
    while told + moot + failed < MOST {
        let due = ports.store.due_reminders(now, last, PAGE).await;
        let due = due.map_err(|error| error.to_string())?;
        let is_last = due.len() < PAGE;
        last = due.last().copied().or(last);
        for one in due {
            match api_key::remind(&ports, one).await {
                Ok(true) => told += 1,
                Ok(false) => moot += 1,
                Err(error) => {
                    failed += 1;
                    tracing::error!(error = %error, key = %one.key, "not told; the next run does");
                }
            }
        }
        if is_last {
            break;
        }
    }
    Ok(json!({ "told": told, "moot": moot, "failed": failed }))
}
