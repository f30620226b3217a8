use std::{sync::Arc, time::Duration};

use functions::jobs::Job;
use serde_json::Value;

use crate::host::Host;

/// Where event functions run: in this process, or under `cargo lambda watch`.
#[derive(Clone)]
pub(crate) enum Invoker {
    Here(Arc<Host>),
    Lambda { client: reqwest::Client, endpoint: String },
}

/// A record that failed this often goes to the dead letters.
const ATTEMPTS: u32 = 60;

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

    /// Hands stream records to a function, and tells whether it took them all.
    pub(crate) async fn accepts(&self, job: &Job, records: &[&Value]) -> bool {
        match self.invoke(job, serde_json::json!({ "Records": records })).await {
            Ok(response) => is_done(&response),
            Err(error) => {
                tracing::warn!(
                    function = job.name,
                    error,
                    "an event function failed; it will be tried again"
                );
                false
            }
        }
    }

    /// Hands one stream record that was not taken to its function until it is, with a wait that
    /// doubles up to five seconds.
    pub(crate) async fn deliver(&self, job: &Job, record: Value) {
        for attempt in 1..ATTEMPTS {
            tokio::time::sleep(Duration::from_millis((50 << attempt.min(7)).min(5000))).await;
            if self.accepts(job, &[&record]).await {
                return;
            }
        }
        tracing::error!(function = job.name, "a record failed too often and is a dead letter now");
    }
}

fn is_done(response: &Value) -> bool {
    response.get("batchItemFailures").and_then(Value::as_array).is_some_and(Vec::is_empty)
}
