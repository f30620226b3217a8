use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

use futures::FutureExt;
use http::{Method, header};
use rolecall_domain::{
    Ports, Process,
    activity::{self, Activity, Call},
    meter::Meter,
    session::Client,
};

use crate::{
    Context, Gateway, Request, Response,
    access::Access,
    extract, language,
    problem::{ErrorCode, Problem},
    response,
    route::{self, Route},
};

/// An answer and what it cost.
pub struct Served {
    pub response: Response,
    /// How long it took, in milliseconds.
    pub millis: f64,
    /// Its record, for the host's [`Recorder`](crate::Recorder).
    pub record: Option<Activity>,
}

/// Runs a route as every host does: request id, size limit, the route's rule and then its handler,
/// panics turned into 500, headers, one log line.
///
/// `ports` count into `meter`.
pub async fn serve<S: Clone, C: Clone>(
    route: &Route<S, C>,
    ports: Ports<S, C>,
    meter: Arc<Meter>,
    gateway: Gateway,
    request: Request,
) -> Served {
    let started = Instant::now();
    let request_id = request_id(&ports, &request);
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let client = Client::new(gateway.source_ip.as_deref(), agent)
        .reading(language::preferred(request.headers()));
    let parameters =
        gateway.parameters.unwrap_or_else(|| route::parameters(route.path, request.uri().path()));
    let ctx = Context::new(ports, client, request_id.clone(), route.name, parameters);
    let is_head = request.method() == Method::HEAD;
    let response = match extract::limit(&request) {
        Ok(()) => run(route, &ctx, request).await,
        Err(problem) => Err(problem),
    };
    ctx.settle().await;
    let (mut response, failure) = match response {
        Ok(mut response) => {
            response::finish(response.headers_mut(), &request_id);
            (response, None)
        }
        Err(problem) => {
            let failure = problem.cause().map(|cause| (problem.code(), cause.to_owned()));
            (problem.into_response(&request_id), failure)
        }
    };
    if is_head {
        without_body(&mut response);
    }
    let millis = started.elapsed().as_secs_f64() * 1000.0;
    let status = response.status().as_u16();
    log(&gateway.route, &request_id, status, millis, &meter, failure);
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let is_recorded = route.handler.access != Access::Page;
    let (route, who, client) = (&gateway.route, ctx.who(), &ctx.client);
    let call = Call { route, status, micros, who, client, request_id: &request_id };
    let record = if is_recorded { activity::of_call(&ctx.ports, call) } else { None };
    Served { response, millis, record }
}

/// What GET answers, but for the body (RFC 9110 §9.3.2).
fn without_body(response: &mut Response) {
    let length = response.body().len();
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    response.body_mut().clear();
}

async fn run<S: Clone, C: Clone>(
    route: &Route<S, C>,
    ctx: &Context<S, C>,
    request: Request,
) -> Result<Response, Problem> {
    let running = AssertUnwindSafe(async { route.handler.run(ctx.clone(), request).await });
    running.catch_unwind().await.unwrap_or_else(|panic| {
        let what = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        Err(Problem::bug(format!("panic: {}", what.unwrap_or("without a message"))))
    })
}

/// The sender's id when it is one line of visible ASCII, at most 128 characters; a new one
/// otherwise.
fn request_id(process: &Process, request: &Request) -> String {
    let given = request.headers().get("x-request-id").and_then(|value| value.to_str().ok());
    let is_fit =
        |text: &&str| (1..=128).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic());
    given.filter(is_fit).map_or_else(|| process.id::<()>().to_string(), str::to_owned)
}

fn log(
    route: &str,
    request_id: &str,
    status: u16,
    millis: f64,
    meter: &Meter,
    failure: Option<(ErrorCode, String)>,
) {
    let cost = meter.cost();
    let (calls, rru, wru, hashes) = (cost.calls, cost.read_units, cost.write_units, cost.hashes);
    let rounded = |millis: f64| (millis * 1000.0).round() / 1000.0;
    let (duration_ms, hash_wait_ms) =
        (rounded(millis), rounded(cost.hash_wait.as_secs_f64() * 1000.0));
    match failure {
        None => tracing::info!(
            request_id,
            route,
            status,
            duration_ms,
            calls,
            rru,
            wru,
            hashes,
            hash_wait_ms,
            "request"
        ),
        Some((ErrorCode::Unavailable, cause)) => {
            tracing::warn!(
                request_id,
                route,
                status,
                duration_ms,
                calls,
                rru,
                wru,
                hashes,
                hash_wait_ms,
                cause,
                "request"
            );
        }
        Some((_, cause)) => {
            tracing::error!(
                request_id,
                route,
                status,
                duration_ms,
                calls,
                rru,
                wru,
                hashes,
                hash_wait_ms,
                cause,
                "request"
            );
        }
    }
}
