//! Notes at accounts that mail to their address came back, or was called spam.

mod event;

use rolecall_domain::ports::AccountStore;
use serde_json::{Value, json};

use crate::Ports;

/// Takes an event that SES publishes to EventBridge; answers how many accounts were marked. The
/// same event again, or one that comes late, changes nothing.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let event = serde_json::from_value(event).map_err(|error| format!("no such event: {error}"))?;
    let mut marked = 0;
    for (email, delivery) in event::deliveries(event)? {
        let noted = ports.store.note_delivery(&email, &delivery).await;
        marked += u32::from(noted.map_err(|error| error.to_string())?);
    }
    Ok(json!({ "marked": marked }))
}
