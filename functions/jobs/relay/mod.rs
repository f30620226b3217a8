//! Files the pending events of changes: activities and mails, as the table's stream tells of them.

use rolecall_domain::ports::{ActivityStore, StoreError};
use serde_json::{Value, json};

use super::batch::{Batch, Record, cause};
use crate::Ports;

/// Takes a DynamoDB stream batch and answers `batchItemFailures`, from the first record that
/// failed. Filing again writes nothing new, so nothing is lost and nothing is there twice.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    for record in Batch::read(event)?.records {
        let Some(pending_events) = pending_events(&record) else {
            continue;
        };
        if let Err(error) = file(&ports, &record, pending_events).await {
            tracing::warn!(error = %error, cause = cause(&error), "an enclosure was not filed; it \
                will be tried again");
            return Ok(record.failed());
        }
    }
    Ok(json!({ "batchItemFailures": [] }))
}

/// Files pending events in the log of its item's organization, and lists the item if it is a new
/// account.
async fn file(ports: &Ports, record: &Record, pending_events: &str) -> Result<(), StoreError> {
    if record.event_name == "INSERT" && record.text("entity") == Some("user") {
        let id = record.text("id").and_then(|id| id.parse().ok());
        ports
            .store
            .list_account(id.ok_or_else(|| StoreError::Broken("an account has no id".to_owned()))?)
            .await?;
    }
    ports.store.file_pending_events(pending_events, record.text("organization")).await
}

/// The pending events of a record.
fn pending_events(record: &Record) -> Option<&str> {
    record.text("enclosed")
}

#[cfg(test)]
mod tests;
