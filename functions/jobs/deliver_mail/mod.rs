//! Sends the mails that the table's stream tells of.

use std::sync::Arc;

use rolecall_domain::{
    Ports,
    ids::MailId,
    mail::{self, DeliverError},
    ports::Mailer,
};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Batch {
    #[serde(rename = "Records", default)]
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    #[serde(rename = "eventName")]
    event_name: String,
    dynamodb: Change,
}

#[derive(Deserialize)]
struct Change {
    #[serde(rename = "SequenceNumber")]
    sequence_number: String,
    #[serde(rename = "NewImage", default)]
    new_image: Value,
}

/// Takes a DynamoDB stream batch and answers `batchItemFailures`, from the first record that failed: Lambda tries
/// again from there (`ReportBatchItemFailures`), and a claim keeps what went out from going out twice.
pub async fn handler(ports: Ports, mailer: Arc<dyn Mailer>, event: Value) -> Result<Value, String> {
    let batch: Batch = serde_json::from_value(event).map_err(|error| format!("not a stream batch: {error}"))?;
    for record in batch.records {
        let Some(id) = new_mail(&record) else { continue };
        if let Err(error) = mail::deliver(&ports, mailer.as_ref(), id).await {
            log(id, &error);
            return Ok(json!({ "batchItemFailures": [{ "itemIdentifier": record.dynamodb.sequence_number }] }));
        }
    }
    Ok(json!({ "batchItemFailures": [] }))
}

/// The mail that a record put into the outbox.
fn new_mail(record: &Record) -> Option<MailId> {
    let text = |name: &str| record.dynamodb.new_image.get(name)?.get("S")?.as_str();
    let is_new_mail = record.event_name == "INSERT" && text("entity") == Some("outbox");
    text("id").filter(|_| is_new_mail)?.parse().ok()
}

fn log(id: MailId, error: &DeliverError) {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::warn!(mail = %id, error = %error, cause, "a mail did not go out; it will be tried again");
}

#[cfg(test)]
mod tests;
