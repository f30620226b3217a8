//! An internal extension: it keeps Lambda from freezing the process before the record of a call is
//! written.
//!
//! Lambda freezes when the runtime and every extension ask for what comes next. Responses go out as
//! soon as they are made; this asks when the record is written. Without it, where no extension can
//! be registered, a record would be on its way while the process is frozen.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html>

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rolecall_http::Recorder;
use tokio::{
    net::TcpStream,
    sync::{Semaphore, oneshot},
};

const NAME: &str = "rolecall-recorder";
const IDENTIFIER: &str = "lambda-extension-identifier";

/// An event that never reached the handler is not waited for longer than any answer takes.
const LONGEST: Duration = Duration::from_secs(15);

/// Records that are on their way are written in a moment.
const LONGEST_END: Duration = Duration::from_secs(1);

/// Registering takes a fraction of a millisecond.
const LONGEST_START: Duration = Duration::from_millis(500);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Counts the invocations that were answered.
#[derive(Debug, Clone)]
pub(crate) struct AnsweredCalls(Arc<Semaphore>);

impl AnsweredCalls {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    /// An invocation was answered, and its record handed to the recorder.
    pub(crate) fn answered(&self) {
        self.0.add_permits(1);
    }
}

/// An extension that registers on a thread of its own, while everything else is set up: it is on
/// the way to the first event.
pub(crate) struct Starting {
    registered: oneshot::Receiver<()>,
    work: oneshot::Sender<(AnsweredCalls, Recorder)>,
}

/// Starts registering at the Runtime API of this address.
pub(crate) fn start(host: String) -> Starting {
    let (tell, registered) = oneshot::channel();
    let (work, given) = oneshot::channel();
    std::thread::spawn(move || {
        let run = async {
            let mut extension = Extension::register(host).await?;
            let _ = tell.send(());
            // None comes where the function does not start.
            let Ok((answered_calls, recorder)) = given.await else {
                return Ok(());
            };
            let broken = extension.hold(&answered_calls, &recorder).await;
            end(broken, &recorder).await
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Err(error) = runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(run))
        {
            tracing::warn!(
                error,
                "the extension was not registered: records of calls may wait for the next call"
            );
        }
    });
    Starting { registered, work }
}

/// Ends the process: Lambda waits for a registered extension, so that every call would last until
/// its timeout. The next call gets a new process.
#[expect(clippy::exit, reason = "the runtime's own loop on the other thread knows no end")]
async fn end(broken: Failure, recorder: &Recorder) -> ! {
    tracing::error!(error = broken, "the extension stopped, and the process with it");
    drop(tokio::time::timeout(LONGEST_END, recorder.idle()).await);
    std::process::exit(1)
}

impl Starting {
    /// Waits until it is registered, and has it hold the process after each invocation until its
    /// record is written.
    pub(crate) async fn hold(self, answered_calls: &AnsweredCalls, recorder: &Recorder) {
        let _ = self.work.send((answered_calls.clone(), recorder.clone()));
        // A failure ends the thread, which says so; what never answers is not waited for.
        drop(tokio::time::timeout(LONGEST_START, self.registered).await);
    }
}

/// A registered extension on a plain connection of its own.
struct Extension {
    connection: SendRequest<Full<Bytes>>,
    host: String,
    identifier: String,
}

impl Extension {
    /// Registers at the Runtime API of this address. Lambda takes no extension once the runtime
    /// asked for its first event.
    async fn register(host: String) -> Result<Self, Failure> {
        let (mut connection, run) =
            handshake(TokioIo::new(TcpStream::connect(&host).await?)).await?;
        tokio::spawn(run);
        let request = Request::post("/2020-01-01/extension/register")
            .header(header::HOST, &host)
            .header("lambda-extension-name", NAME)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::from(r#"{"events":["INVOKE"]}"#))?;
        let response = read(connection.send_request(request).await?).await?;
        let identifier =
            response.headers().get(IDENTIFIER).ok_or("no identifier")?.to_str()?.to_owned();
        Ok(Self { connection, host, identifier })
    }

    /// Holds the process, invocation by invocation, until asking for the next one fails.
    async fn hold(&mut self, answered_calls: &AnsweredCalls, recorder: &Recorder) -> Failure {
        loop {
            if let Err(broken) = self.next().await {
                return broken;
            }
            if let Ok(Ok(answered)) =
                tokio::time::timeout(LONGEST, answered_calls.0.acquire()).await
            {
                answered.forget();
            }
            recorder.idle().await;
        }
    }

    /// Waits for the next invocation.
    async fn next(&mut self) -> Result<(), Failure> {
        let request = Request::get("/2020-01-01/extension/event/next")
            .header(header::HOST, &self.host)
            .header(IDENTIFIER, &self.identifier)
            .body(Full::default())?;
        self.connection.ready().await?;
        read(self.connection.send_request(request).await?).await.map(drop)
    }
}

/// The whole answer, so that the connection is free again.
async fn read(response: Response<hyper::body::Incoming>) -> Result<Response<Bytes>, Failure> {
    let (parts, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    if parts.status.is_success() {
        Ok(Response::from_parts(parts, body))
    } else {
        Err(format!("status {}", parts.status).into())
    }
}
