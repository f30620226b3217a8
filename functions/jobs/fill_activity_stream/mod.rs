//! Fills the activity streams of organizations with activities, as the table's stream tells of
//! them.

use rolecall_domain::{activity_stream, ports::ActivityStreamStore};
use serde_json::{Value, json};

use super::batch::{Batch, Record, cause};
use crate::Ports;

/// Takes a DynamoDB stream batch and answers `batchItemFailures`, from the first record that
/// failed. An activity that comes again counts once.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let records: Vec<Record> = Batch::read(event)?.records;
    let told: Vec<&Record> =
        records.iter().filter(|record| record.text("feed").is_some()).collect();
    let (mut activities, mut unreadable) = (Vec::new(), None);
    for record in &told {
        match ports.store.activity_of_image(record.image()) {
            Ok(activity) => activities.push(activity),
            Err(error) => {
                tracing::warn!(error = %error, cause = cause(&error), "an activity of the stream \
                    cannot be read");
                unreadable = Some(*record);
                break;
            }
        }
    }
    let failed = match activity_stream::file(&ports, &activities).await {
        Ok(()) => unreadable,
        Err(error) => {
            tracing::warn!(error = %error, cause = cause(&error), "the activity stream \
                was not filled; it will be tried again");
            told.first().copied()
        }
    };
    Ok(failed.map_or_else(|| json!({ "batchItemFailures": [] }), Record::failed))
}
