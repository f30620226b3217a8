//! Moves what the table's stream tells of to where it belongs: the pending events of changes into
//! log, outbox and directory, activities into the activity streams of their organizations, and
//! people into the lists that they are found in.

mod activity_stream;
mod lists;
mod pending_events;

use serde_json::{Value, json};

use super::batch::{Batch, Record};
use crate::Ports;

/// Takes a DynamoDB stream batch and answers `batchItemFailures`, from the first record of which
/// one part failed and may go well later. Neither part waits for the other one or stops with it;
/// done again, each writes nothing new. A record that can never be handled is told by an alarm and
/// gone over.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let records = Batch::read(event)?.records;
    let failed = futures::join!(
        pending_events::file(&ports, &records),
        activity_stream::fill(&ports, &records),
    );
    let first = [failed.0, failed.1].into_iter().flatten().min();
    let first = first.and_then(|place| records.get(place));
    Ok(first.map_or_else(|| json!({ "batchItemFailures": [] }), Record::failed))
}
