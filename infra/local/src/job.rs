//! Runs one of the stack's jobs by its name: in the stack that runs on this machine, in one that is
//! started for it, or in one that is deployed.

use std::{fs::Permissions, io, net::Ipv4Addr, os::unix::fs::PermissionsExt, process::Stdio};

use serde_json::Value;
use tokio::{net::TcpStream, process::Command};

use crate::{Options, Stack, StackError};

/// Why a job did not run to its end.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The stack does not start.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// The stack did not answer.
    #[error("the stack did not answer: {0}")]
    Response(#[from] reqwest::Error),
    /// The `aws` command line cannot be run, or its files cannot.
    #[error("`aws lambda invoke` cannot be run: {0}")]
    Aws(#[from] io::Error),
    /// What the job said.
    #[error("{0}")]
    Refused(String),
}

/// Where jobs run.
pub(crate) enum Host {
    Running { url: String },
    Own(Box<Stack>),
    Deployed { stack: String },
}

impl Host {
    /// The stack on this machine: the one that runs, or else one that is started.
    pub(crate) async fn local(options: Options) -> Result<Self, JobError> {
        let port = options.port;
        if port != 0 && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok() {
            return Ok(Self::Running { url: format!("http://127.0.0.1:{port}") });
        }
        // On its own port, which mailed links lead to.
        Ok(Self::Own(Box::new(Stack::start(options).await?)))
    }

    pub(crate) async fn run(&self, job: &str, event: &Value) -> Result<Value, JobError> {
        match self {
            Self::Running { url } => call(url, job, event).await,
            Self::Own(stack) => call(&stack.url(), job, event).await,
            Self::Deployed { stack } => invoke(&format!("{stack}-jobs-{job}"), event).await,
        }
    }

    /// Stops what was started.
    pub(crate) async fn stop(self) {
        if let Self::Own(stack) = self {
            stack.stop().await;
        }
    }
}

async fn call(url: &str, job: &str, event: &Value) -> Result<Value, JobError> {
    let response = reqwest::Client::new()
        .post(format!("{url}/_local/schedule/{job}"))
        .json(event)
        .send()
        .await?;
    let is_done = response.status().is_success();
    let body: Value = response.json().await?;
    if is_done {
        return Ok(body);
    }
    let detail = body.get("detail").and_then(Value::as_str);
    Err(JobError::Refused(detail.unwrap_or("the function failed").to_owned()))
}

/// With the credentials, the region and the retries that `aws` has. What goes in and out has
/// addresses and hashes: the files are the user's alone.
async fn invoke(function: &str, event: &Value) -> Result<Value, JobError> {
    let own = Permissions::from_mode(0o700);
    let folder = tempfile::Builder::new().permissions(own).tempdir()?;
    let (payload, output) = (folder.path().join("event.json"), folder.path().join("output.json"));
    tokio::fs::write(&payload, event.to_string()).await?;
    let payload = format!("fileb://{}", payload.display());
    let invoked = Command::new("aws")
        .args(["lambda", "invoke", "--function-name", function, "--cli-read-timeout", "330"])
        .args(["--output", "json", "--payload", &payload])
        .arg(&output)
        .stdin(Stdio::null())
        .output()
        .await?;
    if !invoked.status.success() {
        let said = String::from_utf8_lossy(&invoked.stderr).trim().to_owned();
        return Err(JobError::Refused(said));
    }
    let unreadable = |error: serde_json::Error| JobError::Refused(format!("no answer: {error}"));
    let body: Value =
        serde_json::from_slice(&tokio::fs::read(&output).await?).map_err(unreadable)?;
    let told: Value = serde_json::from_slice(&invoked.stdout).map_err(unreadable)?;
    if told.get("FunctionError").is_some() {
        let message = body.get("errorMessage").and_then(Value::as_str);
        return Err(JobError::Refused(message.unwrap_or("the function failed").to_owned()));
    }
    Ok(body)
}
