use std::{sync::Arc, time::Duration};

use functions::jobs::Job;
use serde_json::{Value, json};

use crate::host::Host;

/// Where event functions run: in this process, or under `cargo lambda watch`.
#[derive(Clone)]
pub(crate) enum Invoker {
    Here(Arc<Host>),
    Lambda { client: reqwest::Client, endpoint: String },
}

/// A record that failed this often goes to the dead letters.
const ATTEMPTS: u32 = 100;

/// So many records are handed over at once.
const BATCH: usize = 25;

impl Invoker {
    /// Runs an event function and tells what it returned.
    pub(crate) async fn invoke(&self, job: &Job, event: Value) -> Result<Value, String> {
        match self {
            Self::Here(host) => {
                (job.handler)(host.ports(Arc::default()), Arc::clone(&host.mailer), event).await
            }
            Self::Lambda { client, endpoint } => {
                let url = format!("{endpoint}/2015-03-31/functions/{}/invocations", job.name);
                let response = client
                    .post(url)
                    .json(&event)
                    .send()
                    .await
                    .map_err(|error| error.to_string())?;
                if !response.status().is_success() {
                    return Err(format!("the function answered {}", response.status()));
                }
                response.json().await.map_err(|error| error.to_string())
            }
        }
    }

    /// Hands the records of a stream to their function, in order, until it took them all. Nothing
    /// overtakes a record that fails: it comes again, with those behind it, and alone where the
    /// whole call failed, until it is a dead letter.
    pub(crate) async fn deliver(&self, job: &Job, records: Vec<Value>) {
        let mut left = records.as_slice();
        let (mut size, mut attempt) = (BATCH, 0);
        while !left.is_empty() {
            let (batch, _) = left.split_at(size.min(left.len()));
            let taken = self.taken(job, batch).await;
            if let Some(taken @ 1..) = taken {
                left = left.split_at(taken).1;
                (size, attempt) = (BATCH.min(2 * size), 0);
                continue;
            }
            // Lambda halves a batch whose call failed, too, until it knows which record it is.
            if taken.is_none() && batch.len() > 1 {
                size = batch.len().div_ceil(2);
                continue;
            }
            attempt += 1;
            if attempt == ATTEMPTS {
                tracing::error!(function = job.name, "a record failed too often: a dead letter");
                left = left.split_at(1).1;
                (size, attempt) = (BATCH, 0);
                continue;
            }
            tokio::time::sleep(Duration::from_millis((50 << attempt.min(7)).min(5000))).await;
        }
    }

    /// How many of these records a function took before the first that failed; `None` when the
    /// call itself failed.
    async fn taken(&self, job: &Job, batch: &[Value]) -> Option<usize> {
        match self.invoke(job, json!({ "Records": batch })).await {
            Ok(response) => Some(taken(&response, batch)),
            Err(error) => {
                tracing::warn!(
                    function = job.name,
                    error,
                    "an event function failed; it will be tried again"
                );
                None
            }
        }
    }
}

/// The place of the first record that a function's answer names; an answer that names none of
/// them took none (Lambda developer guide, "Configuring partial batch response").
fn taken(response: &Value, batch: &[Value]) -> usize {
    let failures = response.get("batchItemFailures").and_then(Value::as_array);
    let failed: Option<Vec<&Value>> =
        failures.map(|all| all.iter().filter_map(|one| one.get("itemIdentifier")).collect());
    match failed {
        Some(failed) if failed.is_empty() => batch.len(),
        failed => {
            let failed = failed.unwrap_or_default();
            let is_failed = |record: &Value| {
                let number = record.pointer("/dynamodb/SequenceNumber");
                number.is_some_and(|number| failed.contains(&number))
            };
            batch.iter().position(is_failed).unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests;
