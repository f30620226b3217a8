use serde::Deserialize;
use serde_json::{Value, json};

/// A batch of a DynamoDB stream, as far as our functions look at it.
#[derive(Deserialize)]
pub(super) struct Batch {
    #[serde(rename = "Records", default)]
    pub(super) records: Vec<Record>,
}

impl Batch {
    /// Reads Lambda's event.
    pub(super) fn read(event: Value) -> Result<Self, String> {
        serde_json::from_value(event).map_err(|error| format!("not a stream batch: {error}"))
    }
}

/// One change of one item.
#[derive(Deserialize)]
pub(super) struct Record {
    /// `INSERT`, `MODIFY` or `REMOVE`.
    #[serde(rename = "eventName")]
    pub(super) event_name: String,
    dynamodb: Change,
}

#[derive(Deserialize)]
struct Change {
    #[serde(rename = "SequenceNumber")]
    sequence_number: String,
    #[serde(rename = "NewImage", default)]
    new_image: Value,
}

impl Record {
    /// A text attribute of the item as it is now.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.dynamodb.new_image.get(name)?.get("S")?.as_str()
    }

    /// A number of the item as it is now.
    pub(super) fn number_of(&self, name: &str) -> Option<i64> {
        self.dynamodb.new_image.get(name)?.get("N")?.as_str()?.parse().ok()
    }

    /// The item as it is now, in DynamoDB's JSON.
    pub(super) fn image(&self) -> &Value {
        &self.dynamodb.new_image
    }

    /// Its number in the stream.
    pub(super) fn number(&self) -> &str {
        &self.dynamodb.sequence_number
    }

    /// The answer that has Lambda try again from this record on (`ReportBatchItemFailures`).
    pub(super) fn failed(&self) -> Value {
        json!({ "batchItemFailures": [{ "itemIdentifier": self.dynamodb.sequence_number }] })
    }
}

/// What is behind an error, for the log: an error's own words do not repeat it.
pub(super) fn cause(error: &dyn std::error::Error) -> Option<String> {
    error.source().map(ToString::to_string)
}
