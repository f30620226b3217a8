//! `cargo run -- setup FILE`: the function `setup`, in the stack that runs or in one that is
//! started for it.

use std::{fs, io, path::Path};

use serde_json::{Value, json};

use crate::{Options, Stack, StackError};

/// Why nothing was set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The file cannot be read.
    #[error("{0} cannot be read: {1}")]
    File(String, io::Error),
    /// The stack does not start.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// The stack did not answer.
    #[error("the stack did not answer: {0}")]
    Response(#[from] reqwest::Error),
    #[error("{0}")]
    Refused(String),
}

/// Runs it and tells the changes, a line each. JSON is YAML, too.
pub async fn setup(
    options: Options,
    file: &Path,
    dry_run: bool,
) -> Result<Vec<String>, SetupError> {
    let yaml = fs::read_to_string(file)
        .map_err(|error| SetupError::File(file.display().to_string(), error))?;
    let event = json!({ "time": "1970-01-01T00:00:00Z", "yaml": yaml, "dry_run": dry_run });
    let running = format!("http://127.0.0.1:{}", options.port);
    match call(&running, &event).await {
        Err(SetupError::Response(error)) if error.is_connect() => {
            // On its own port, which mailed links lead to.
            let stack = Stack::start(options).await?;
            let told = call(&stack.url(), &event).await;
            stack.stop().await;
            told
        }
        told => told,
    }
}

async fn call(url: &str, event: &Value) -> Result<Vec<String>, SetupError> {
    let response = reqwest::Client::new()
        .post(format!("{url}/_local/schedule/setup"))
        .json(event)
        .send()
        .await?;
    let is_done = response.status().is_success();
    let body: Value = response.json().await?;
    if !is_done {
        return Err(SetupError::Refused(
            body.get("detail").and_then(Value::as_str).unwrap_or("the function failed").to_owned(),
        ));
    }
    let changes = body.get("changes").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(changes.iter().map(line).collect())
}

/// `create module PID: {…}`, or `update role engineer: {…} -> {…}`.
fn line(change: &Value) -> String {
    let text = |name: &str| change.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let value = |name: &str| change.get(name).cloned().unwrap_or_default();
    let before =
        if value("before").is_null() { String::new() } else { format!("{} -> ", value("before")) };
    format!("{} {} {}: {before}{}", text("do"), text("what"), text("code"), value("after"))
}
