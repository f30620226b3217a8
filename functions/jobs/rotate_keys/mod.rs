//! Publishes the next signing key, takes old ones away, and in an emergency drops one at once.

use rolecall_domain::signing::{self, RotationOrder};
use serde_json::{Value, json};

use crate::Ports;

/// The schedule's event is a plain run. `{"drop": "<kid>"}`, or `{"drop": "current"}`, is the
/// emergency: that key and every token that it signed are dead at once, and in other instances ten
/// seconds later.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let order = order(&event)?;
    let rotated = signing::rotate(&ports, &order).await.map_err(|error| error.to_string())?;
    if !rotated.kept.is_empty() {
        tracing::error!(kept = ?rotated.kept, "private keys could not be destroyed: drop them \
            once more");
    }
    tracing::info!(published = ?rotated.published, removed = ?rotated.removed,
        signing = rotated.signing, "signing keys");
    Ok(json!({ "published": rotated.published, "removed": rotated.removed,
            "signing": rotated.signing, "kept": rotated.kept }))
}

fn order(event: &Value) -> Result<RotationOrder, String> {
    match event.get("drop") {
        None | Some(Value::Null) => Ok(RotationOrder::Scheduled),
        Some(Value::String(kid)) => Ok(RotationOrder::Drop(kid.clone())),
        Some(_) => Err("`drop` is the id of a key, or `current`".to_owned()),
    }
}

#[cfg(test)]
mod tests;
