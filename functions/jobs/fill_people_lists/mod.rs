//! Brings the accounts that were there before the lists of people into them.

use rolecall_domain::people::{self, Filled};
use serde_json::{Value, json};

use crate::Ports;

/// A run lists so many accounts; the next run goes on.
const ACCOUNTS: usize = 50_000;

/// Takes EventBridge's event, or `{"again": true}` of an operator, to go through all accounts anew.
/// Running it twice, or twice at once, lists nobody twice; once everybody is listed it reads one
/// item. Answers `{"listed", "failed", "done"}`.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let again = event.get("again").and_then(Value::as_bool).unwrap_or_default();
    let filled = people::fill_lists(&ports, ACCOUNTS, again).await;
    let Filled { listed, failed, is_done } = filled.map_err(|error| error.to_string())?;
    if failed > 0 {
        tracing::error!(failed, "accounts that can never be listed");
    }
    Ok(json!({ "listed": listed, "failed": failed, "done": is_done }))
}
