//! Sends the mails that the table's stream tells of.

use std::sync::Arc;

use rolecall_domain::{
    ids::MailId,
    mail::{self, DeliverError},
    ports::Mailer,
};
use serde_json::{Value, json};

use super::batch::{Batch, Record, cause};
use crate::Ports;

/// Takes a DynamoDB stream batch and answers `batchItemFailures`, from the first record that
/// failed: Lambda tries again from there (`ReportBatchItemFailures`), and a claim keeps what went
/// out from going out twice.
pub async fn handler(ports: Ports, mailer: Arc<dyn Mailer>, event: Value) -> Result<Value, String> {
    for record in Batch::read(event)?.records {
        let Some(id) = new_mail(&record) else {
            continue;
        };
        if let Err(error) = mail::deliver(&ports, mailer.as_ref(), id).await {
            log(id, &error);
            return Ok(record.failed());
        }
    }
    Ok(json!({ "batchItemFailures": [] }))
}

/// The mail that a record put into the outbox.
fn new_mail(record: &Record) -> Option<MailId> {
    let is_new_mail = record.event_name == "INSERT" && record.text("entity") == Some("outbox");
    record.text("id").filter(|_| is_new_mail)?.parse().ok()
}

fn log(id: MailId, error: &DeliverError) {
    tracing::warn!(mail = %id, error = %error, cause = cause(error), "a mail did not go out; it \
        will be tried again");
}

#[cfg(test)]
mod tests;
