//! Sends the mails that the table's stream tells of.

use std::sync::Arc;

use rolecall_domain::{
    ids::MailId,
    mail::DueMail,
    ports::{Mailer, Outbox, StoreError},
};
use serde_json::{Value, json};

use super::{
    batch::{Batch, Record},
    mailing::Mailing,
};
use crate::Ports;

/// Takes a DynamoDB stream batch, and goes through all of it: a mail that does not go out is marked
/// or tried again by `sweep_mail`, and holds up none behind it. Only a store that is away is
/// answered as `batchItemFailures`, from the record on that met it: Lambda tries again from there
/// (`ReportBatchItemFailures`), and a claim keeps what went out from going out twice.
pub async fn handler(ports: Ports, mailer: Arc<dyn Mailer>, event: Value) -> Result<Value, String> {
    let mut mailing = Mailing::new(&ports, mailer.as_ref());
    for record in Batch::read(event)?.records {
        if !is_new_mail(&record) {
            continue;
        }
        let Some(id) = record.text("id").and_then(|id| id.parse().ok()) else {
            tracing::error!(record = record.number(), reason = "a mail without an id", "given up");
            continue;
        };
        if settle(&ports, &mut mailing, id).await.is_err() {
            return Ok(record.failed());
        }
    }
    Ok(json!({ "batchItemFailures": [] }))
}

/// Sends a mail, or sees to it that it is tried.
async fn settle(ports: &Ports, mailing: &mut Mailing<'_>, id: MailId) -> Result<(), StoreError> {
    if mailing.is_over() {
        let due = DueMail { at: ports.clock.now(), id };
        return ports.store.list_due_mail(due).await;
    }
    mailing.deliver(id).await.map(drop)
}

/// Whether a record put a mail into the outbox.
fn is_new_mail(record: &Record) -> bool {
    record.event_name == "INSERT" && record.text("entity") == Some("outbox")
}

#[cfg(test)]
mod tests;
