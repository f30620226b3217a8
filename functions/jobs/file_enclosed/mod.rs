//! Files what changes enclosed: activities and mails, as the table's stream tells of them.

use std::sync::Arc;

use rolecall_domain::{Ports, ports::Mailer};
use serde_json::{Value, json};

use super::batch::{Batch, Record};

/// Takes a DynamoDB stream batch and answers `batchItemFailures`, from the first record that failed. Filing again
/// writes nothing new, so nothing is lost and nothing is there twice.
pub async fn handler(ports: Ports, _: Arc<dyn Mailer>, event: Value) -> Result<Value, String> {
    for record in Batch::read(event)?.records {
        let Some(enclosed) = enclosed(&record) else { continue };
        if let Err(error) = ports.activities.file(enclosed).await {
            tracing::warn!(error = %error, "an enclosure was not filed; it will be tried again");
            return Ok(record.failed());
        }
    }
    Ok(json!({ "batchItemFailures": [] }))
}

/// What a record's item encloses.
fn enclosed(record: &Record) -> Option<&str> {
    record.text("enclosed")
}

#[cfg(test)]
mod tests;
