//! The Lambda host: settings, logs, clients, and the Runtime API. The only crate that imports
//! lambda_http.
//!
//! A function's `main` is one call: [`http()`] for an endpoint, [`job`] for an event function.

mod extension;
mod gateway;
mod host;
mod https;
mod log;
mod ssm;

use std::{future::Future, process::ExitCode, sync::Arc, time::Instant};

use http::Method;
use lambda_http::{LambdaEvent, service_fn};
use rolecall_crypto::Crypto;
use rolecall_domain::{
    meter::{Cost, Meter},
    ports::Mailer,
};
use rolecall_http::{Problem, Request, Response, access, gateway::Event, route::Route};
use rolecall_storage::Store;
use serde_json::Value;
use tokio::sync::OnceCell;

use host::{Host, StartError};

type Ports = rolecall_domain::Ports<Store, Crypto<Store>>;

/// A process asks for work this long after its start at the latest.
const AFTER_ASKING: std::time::Duration = std::time::Duration::from_millis(2);

/// Runs one endpoint until Lambda stops the process.
#[must_use]
pub fn http(route: Route<Store, Crypto<Store>>) -> ExitCode {
    run(serve_http(route))
}

/// Runs one endpoint whose answer depends on nothing but the request: it links no adapter.
#[must_use]
pub fn fixed(handler: fn(&Request) -> Result<Response, Problem>) -> ExitCode {
    run(serve_fixed(handler))
}

/// Runs one event function until Lambda stops the process.
pub fn job<F>(handler: fn(Ports, Value) -> F) -> ExitCode
where
    F: Future<Output = Result<Value, String>> + Send + 'static,
{
    run(async move {
        let host = Host::start()?;
        serve_job(|meter, event| handler(host.ports(meter), event)).await
    })
}

/// Runs one event function that sends mail: only such a one links SES.
pub fn mailing_job<F>(handler: fn(Ports, Arc<dyn Mailer>, Value) -> F) -> ExitCode
where
    F: Future<Output = Result<Value, String>> + Send + 'static,
{
    run(async move {
        let host = Host::start()?;
        let mailer = host.mailer();
        serve_job(|meter, event| handler(host.ports(meter), Arc::clone(&mailer), event)).await
    })
}

async fn serve_http(route: Route<Store, Crypto<Store>>) -> Result<(), StartError> {
    let extension = extension::start(host::runtime_api());
    let (host, route) = (Arc::new(Host::start()?), Arc::new(route));
    let recorder = host.recorder();
    extension.hold(&host.answered_calls, &recorder).await;
    let warming = Arc::clone(&host);
    // Beside asking for work, and a moment later: reading TLS roots on a second thread slows the
    // first one down.
    tokio::spawn(async move {
        tokio::time::sleep(AFTER_ASKING).await;
        warming.warm().await;
    });
    let service = service_fn(move |event: LambdaEvent<Event>| {
        let (host, route) = (Arc::clone(&host), Arc::clone(&route));
        let recorder = recorder.clone();
        async move {
            let meter = Arc::new(Meter::default());
            let ports = host.ports(Arc::clone(&meter));
            let (response, record) = {
                let proxy = Some(&host.proxy);
                gateway::handle(&route, ports, meter, proxy, event.payload).await
            };
            if let Some(record) = record {
                recorder.record(record).await;
            }
            host.answered_calls.answered();
            Ok::<_, std::convert::Infallible>(response)
        }
    });
    lambda_runtime::run(service).await.map_err(StartError::Runtime)
}

async fn serve_fixed(handler: fn(&Request) -> Result<Response, Problem>) -> Result<(), StartError> {
    let handler = access::fixed(handler);
    let route =
        Arc::new(Route { name: "fixed", group: "", method: Method::GET, path: "", handler });
    // The settings are read by the first call: a start has nothing to wait for.
    let known = Arc::new(OnceCell::new());
    let service = service_fn(move |event: LambdaEvent<Event>| {
        let (known, route) = (Arc::clone(&known), Arc::clone(&route));
        async move {
            let process = known.get_or_try_init(async || host::process()).await?;
            let ports = rolecall_domain::Ports::new(process, (), ());
            let payload = event.payload;
            let (response, _) = gateway::handle(&route, ports, Arc::default(), None, payload).await;
            Ok::<_, lambda_runtime::Error>(response)
        }
    });
    lambda_runtime::run(service).await.map_err(StartError::Runtime)
}

async fn serve_job<F>(handler: impl Fn(Arc<Meter>, Value) -> F) -> Result<(), StartError>
where
    F: Future<Output = Result<Value, String>>,
{
    let service = service_fn(|event: LambdaEvent<Value>| {
        let meter = Arc::new(Meter::default());
        let running = handler(Arc::clone(&meter), event.payload);
        async move { measured(running, &meter).await }
    });
    lambda_runtime::run(service).await.map_err(StartError::Runtime)
}

/// Whether a stream's job answered that some records are to come again.
fn leaves_records(response: &Value) -> bool {
    response
        .get("batchItemFailures")
        .and_then(Value::as_array)
        .is_some_and(|failures| !failures.is_empty())
}

/// Runs a job once, and logs what it cost.
async fn measured(
    running: impl Future<Output = Result<Value, String>>,
    meter: &Meter,
) -> Result<Value, String> {
    let started = Instant::now();
    let done = running.await;
    let duration_ms = (started.elapsed().as_secs_f64() * 1_000_000.0).round() / 1000.0;
    let Cost { calls, read_units: rru, write_units: wru, .. } = meter.cost();
    match &done {
        Ok(response) if leaves_records(response) => {
            tracing::warn!(duration_ms, calls, rru, wru, failed = true, "run");
        }
        Ok(_) => tracing::info!(duration_ms, calls, rru, wru, "run"),
        Err(cause) => tracing::error!(duration_ms, calls, rru, wru, failed = true, cause, "run"),
    }
    done
}

fn run(serve: impl Future<Output = Result<(), StartError>>) -> ExitCode {
    host::log_json();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ended = runtime.map_err(StartError::Threads).and_then(|runtime| runtime.block_on(serve));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = %error, "the function cannot run");
            ExitCode::FAILURE
        }
    }
}
