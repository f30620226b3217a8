//! `cargo run -- setup FILE`: the function `setup`, in the stack that runs or in one that is
//! started for it.

use std::{fs, io, path::Path};

use serde_json::{Value, json};

use crate::{
    Options,
    job::{Host, JobError},
};

/// Why nothing was set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The file cannot be read.
    #[error("{0} cannot be read: {1}")]
    File(String, io::Error),
    #[error(transparent)]
    Job(#[from] JobError),
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
    let host = Host::local(options).await?;
    let told = host.run("setup", &event).await;
    host.stop().await;
    let changes = told?.get("changes").and_then(Value::as_array).cloned().unwrap_or_default();
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
