//! The Lambda Runtime API, as far as a function uses it: hands out events, takes answers.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{
    path::Path,
    process::{ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::{
    net::TcpListener,
    process::{Child, Command},
    sync::{Mutex, Semaphore, mpsc},
};

/// A function's own process, fed by a Runtime API on loopback.
pub(crate) struct Function {
    events: mpsc::UnboundedSender<Value>,
    responses: mpsc::UnboundedReceiver<Value>,
    child: Child,
    log: NamedTempFile,
    answered: Arc<Semaphore>,
    extension_broken: Arc<AtomicBool>,
    /// From the start of the process to its first `/next`.
    pub(crate) started_in: Duration,
}

struct Api {
    events: Mutex<mpsc::UnboundedReceiver<Value>>,
    responses: mpsc::UnboundedSender<Value>,
    asked: mpsc::UnboundedSender<Instant>,
    /// One for each event that was handed out: the extension is told of them, too.
    invoked: Semaphore,
    /// How often the extension asked for what comes next.
    answered: Arc<Semaphore>,
    /// Whether the extension is refused.
    extension_broken: Arc<AtomicBool>,
}

impl Function {
    /// Starts a binary with an environment of its own and waits until it asks for work.
    pub(crate) async fn start(binary: &Path, environment: &[(&'static str, String)]) -> Self {
        let (events, handed) = mpsc::unbounded_channel();
        let (taken, responses) = mpsc::unbounded_channel();
        let (asked, mut first_asked) = mpsc::unbounded_channel();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answered = Arc::new(Semaphore::new(0));
        let invoked = Semaphore::new(0);
        let extension_broken = Arc::<AtomicBool>::default();
        let api = Arc::new(Api {
            events: Mutex::new(handed),
            responses: taken,
            asked,
            invoked,
            answered: Arc::clone(&answered),
            extension_broken: Arc::clone(&extension_broken),
        });
        let app = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(response))
            .route("/2018-06-01/runtime/init/error", post(response))
            .route("/2020-01-01/extension/register", post(register))
            .route("/2020-01-01/extension/event/next", get(next_for_extension))
            .with_state(api);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let log = NamedTempFile::new().unwrap();
        let started = Instant::now();
        let child = Command::new(binary)
            .env_clear()
            .envs(environment.iter().map(|(name, value)| (*name, value)))
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", address.to_string().as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "under-test"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769"),
                ("AWS_LAMBDA_LOG_GROUP_NAME", "group"),
                ("AWS_LAMBDA_LOG_STREAM_NAME", "stream"),
            ])
            .stdout(log.reopen().unwrap())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let asked = tokio::time::timeout(Duration::from_secs(30), first_asked.recv())
            .await
            .expect("the function asks for work")
            .unwrap();
        let started_in = asked - started;
        Self { events, responses, child, log, answered, extension_broken, started_in }
    }

    /// Hands it one event and waits for its answer.
    pub(crate) async fn invoke(&mut self, event: Value) -> Value {
        self.events.send(event).unwrap();
        tokio::time::timeout(Duration::from_secs(30), self.responses.recv())
            .await
            .expect("the function answers")
            .unwrap()
    }

    /// Waits until its extension asked for what comes next so often: Lambda would freeze it now.
    pub(crate) async fn frozen(&self, times: u32) {
        tokio::time::timeout(Duration::from_secs(30), self.answered.acquire_many(times))
            .await
            .expect("it asks")
            .unwrap()
            .forget();
    }

    /// Refuses its extension from the next call on, and waits for its process to end.
    pub(crate) async fn ended_with_its_extension(&mut self, event: Value) -> ExitStatus {
        self.extension_broken.store(true, Ordering::SeqCst);
        self.events.send(event).unwrap();
        tokio::time::timeout(Duration::from_secs(10), self.child.wait())
            .await
            .expect("the process ends")
            .unwrap()
    }

    /// What it logged: the lines that CloudWatch would get.
    pub(crate) fn log(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.log.path()).unwrap();
        text.lines()
            .map(|line| {
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
            })
            .collect()
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }
}

async fn next(State(api): State<Arc<Api>>) -> Response {
    let _ = api.asked.send(Instant::now());
    let Some(event) = api.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    api.invoked.add_permits(1);
    let headers = [
        ("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("Lambda-Runtime-Deadline-Ms", "9999999999999"),
        (
            "Lambda-Runtime-Invoked-Function-Arn",
            "arn:aws:lambda:us-east-1:000000000000:function:under-test",
        ),
        ("Content-Type", "application/json"),
    ];
    (headers, event.to_string()).into_response()
}

async fn register() -> Response {
    ([("Lambda-Extension-Identifier", "the-extension")], "{}").into_response()
}

async fn next_for_extension(State(api): State<Arc<Api>>) -> Response {
    api.answered.add_permits(1);
    api.invoked.acquire().await.unwrap().forget();
    if api.extension_broken.load(Ordering::SeqCst) {
        return StatusCode::FORBIDDEN.into_response();
    }
    r#"{"eventType":"INVOKE"}"#.into_response()
}

async fn response(State(api): State<Arc<Api>>, body: String) -> StatusCode {
    let _ = api.responses.send(serde_json::from_str(&body).unwrap_or(Value::String(body)));
    StatusCode::ACCEPTED
}
