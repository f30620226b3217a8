//! An internal extension: it keeps Lambda from freezing the process before the record of a call is written.
//!
//! Lambda freezes when the runtime and every extension ask for what comes next. Answers go out as soon as they are made;
//! this asks when the record is written. Without it, where no extension can be registered, a record would be on its way
//! while the process is frozen.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html>

use std::{sync::Arc, time::Duration};

use lambda_runtime_api_client::{Client, body::Body};
use rolecall_http::Recorder;
use tokio::sync::Semaphore;

const NAME: &str = "rolecall-recorder";
const IDENTIFIER: &str = "lambda-extension-identifier";

/// An event that never reached the handler is not waited for longer than any answer takes.
const LONGEST: Duration = Duration::from_secs(15);

/// Counts the invocations that were answered.
#[derive(Debug, Clone)]
pub(crate) struct Held(Arc<Semaphore>);

impl Held {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    /// An invocation was answered, and its record handed to the recorder.
    pub(crate) fn answered(&self) {
        self.0.add_permits(1);
    }

    /// Registers with Lambda, before the runtime asks for its first event, and holds the process after each.
    pub(crate) async fn register(&self, recorder: Recorder) {
        match register().await {
            Ok((client, identifier)) => drop(tokio::spawn(self.clone().hold(client, identifier, recorder))),
            Err(error) => tracing::warn!(error, "no extension: records of calls may wait for the next call"),
        }
    }

    async fn hold(self, client: Client, identifier: String, recorder: Recorder) {
        loop {
            if let Err(error) = next(&client, &identifier).await {
                tracing::warn!(error, "the extension stopped");
                return;
            }
            if let Ok(Ok(answered)) = tokio::time::timeout(LONGEST, self.0.acquire()).await {
                answered.forget();
            }
            recorder.idle().await;
        }
    }
}

async fn register() -> Result<(Client, String), String> {
    let client = Client::builder().build().map_err(|error| error.to_string())?;
    let request = http::Request::post("/2020-01-01/extension/register")
        .header("Lambda-Extension-Name", NAME)
        .header("Content-Type", "application/json")
        .body(Body::from(r#"{"events":["INVOKE"]}"#))
        .map_err(|error| error.to_string())?;
    let answer = client.call(request).await.map_err(|error| error.to_string())?;
    let identifier = answer.headers().get(IDENTIFIER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    match identifier {
        Some(identifier) if answer.status().is_success() => Ok((client, identifier)),
        _ => Err(format!("status {}", answer.status())),
    }
}

/// Waits for the next invocation.
async fn next(client: &Client, identifier: &str) -> Result<(), String> {
    let request = http::Request::get("/2020-01-01/extension/event/next")
        .header(IDENTIFIER, identifier)
        .body(Body::empty())
        .map_err(|error| error.to_string())?;
    let answer = client.call(request).await.map_err(|error| error.to_string())?;
    let status = answer.status();
    // Read to its end, so that the connection is used again.
    http_body_util::BodyExt::collect(answer.into_body()).await.map_err(|error| error.to_string())?;
    if status.is_success() { Ok(()) } else { Err(format!("status {status}")) }
}
