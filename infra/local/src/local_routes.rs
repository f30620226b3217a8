//! Everything under `/_local`: for developers, never in a Lambda.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use askama::Template;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, Path, Query, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{Next, from_fn},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use rolecall_domain::clock::{Clock, Timestamp, rfc3339};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    chart::{self, Chart},
    clock::MovableClock,
    cors::is_of_this_machine,
    deliveries::Invoker,
    first_admin::SetupLink,
    host::Host,
    http_server::HttpServer,
    mailbox::{Mail, Mailbox},
    metrics::Metrics,
    progress::Progress,
    scheduler,
    ses::{self, Ses},
};

/// What the routes of the stack look at.
pub(crate) struct Local {
    pub(crate) clock: Arc<MovableClock>,
    pub(crate) mailbox: Mailbox,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) invoker: Invoker,
    pub(crate) host: Arc<Host>,
    /// Nothing under `--services-only`.
    pub(crate) http_server: Option<HttpServer>,
    pub(crate) mail_delay: Duration,
    pub(crate) setup_link: SetupLink,
    pub(crate) ses: Ses,
    pub(crate) progress: Arc<Progress>,
}

type Shared = State<Arc<Local>>;

/// The stack's own routes, and API Gateway behind them.
pub(crate) fn router(local: Arc<Local>) -> Router {
    Router::new()
        .route("/_local/", get(index))
        .route("/_local/mail", get(mail_page))
        .route("/_local/mail.json", get(mail_json))
        .route("/_local/clock", get(clock).post(advance))
        .route("/_local/schedule/{function}", post(schedule))
        .route("/_local/metrics.json", get(metrics))
        .route("/_local/setup", post(setup))
        .route("/_local/ses/faults", post(ses::set_fault))
        .route("/_local/ses/v2/email/outbound-emails", post(ses::send_email))
        .route("/_local/ses/v2/email/account", get(ses::get_account))
        .route("/_local/ses/v2/email/identities", get(ses::list_identities))
        .route("/_local/ses/v2/email/identities/{identity}", get(ses::get_identity))
        .layer(DefaultBodyLimit::max(ses::LARGEST_BODY))
        .route_layer(from_fn(for_this_machine))
        .fallback(http_server)
        .with_state(local)
}

/// Refuses pages whose host's name was made to lead here (DNS rebinding): they would read every
/// mail, and what is in it.
async fn for_this_machine(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(|host| is_of_this_machine(&format!("http://{host}"))) {
        next.run(request).await
    } else {
        problem(StatusCode::MISDIRECTED_REQUEST, "The host is not this machine.")
    }
}

async fn http_server(
    State(local): Shared,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    match &local.http_server {
        Some(http_server) => http_server.response(peer, request).await,
        None => problem(StatusCode::NOT_FOUND, "The API is where `cargo lambda watch` listens."),
    }
}

fn problem(status: StatusCode, detail: &str) -> Response {
    let body = json!({ "type": "about:blank", "title": status.canonical_reason(),
        "status": status.as_u16(), "detail": detail });
    (
        status,
        [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")],
        body.to_string(),
    )
        .into_response()
}

#[derive(Deserialize)]
struct MailQuery {
    to: Option<String>,
}

async fn mail_json(State(local): Shared, Query(query): Query<MailQuery>) -> Json<Vec<Mail>> {
    Json(local.mailbox.list(query.to.as_deref()))
}

async fn clock(State(local): Shared) -> Json<Value> {
    Json(json!({ "now": rfc3339(local.clock.now()) }))
}

#[derive(Deserialize)]
struct Advance {
    advance_seconds: u32,
}

async fn advance(State(local): Shared, Json(by): Json<Advance>) -> Response {
    match local.clock.advance(by.advance_seconds) {
        Ok(now) => Json(json!({ "now": rfc3339(now) })).into_response(),
        Err(error) => problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            &format!("The clock cannot be kept: {error}."),
        ),
    }
}

#[derive(Deserialize)]
struct ScheduledRun {
    time: String,
    /// What an operator gives beside the time: `{"drop": "<kid>"}` for `rotate_keys`.
    #[serde(flatten)]
    input: Map<String, Value>,
}

async fn schedule(
    State(local): Shared,
    Path(name): Path<String>,
    Json(run): Json<ScheduledRun>,
) -> Response {
    let Some(job) = functions::jobs::all().into_iter().find(|job| job.name == name) else {
        let names: Vec<&str> = functions::jobs::all().iter().map(|job| job.name).collect();
        return problem(
            StatusCode::NOT_FOUND,
            &format!("No event function has this name; there are: {}.", names.join(", ")),
        );
    };
    let Ok(time) = run.time.parse::<Timestamp>() else {
        return problem(
            StatusCode::UNPROCESSABLE_ENTITY,
            "`time` is RFC 3339, such as 2026-11-23T09:30:00Z.",
        );
    };
    let mut event = scheduler::event(local.clock.as_ref(), time);
    if let Some(event) = event.as_object_mut() {
        event.extend(run.input);
    }
    let response = local.invoker.invoke(&job, event).await;
    local.progress.changed();
    match response {
        Ok(response) => Json(response).into_response(),
        Err(error) => problem(StatusCode::BAD_GATEWAY, &format!("The function failed: {error}")),
    }
}

async fn metrics(State(local): Shared) -> Json<Value> {
    Json(json!({ "routes": local.metrics.routes() }))
}

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    routes: Vec<[String; 2]>,
    requests: Vec<[String; 4]>,
    mails: usize,
    now: String,
    /// Its text is made by a template, too.
    chart: String,
}

async fn index(State(local): Shared) -> Response {
    let shown = functions::routes::all()
        .into_iter()
        .map(|endpoint| [endpoint.key(), endpoint.handler.access.describe()]);
    let recent = local.metrics.recent().into_iter();
    let hours = chart::last_hours(&local.host.ports(Arc::default())).await;
    let chart = hours
        .map_err(|error| error.to_string())
        .and_then(|hours| Chart::new(&hours).render().map_err(|error| error.to_string()));
    let chart = match chart {
        Ok(chart) => chart,
        Err(error) => {
            return problem(
                StatusCode::SERVICE_UNAVAILABLE,
                &format!("The log cannot be read: {error}"),
            );
        }
    };
    page(&Index {
        routes: shown.collect(),
        requests: recent
            .map(|one| {
                [
                    rfc3339(one.at),
                    one.route,
                    one.status.to_string(),
                    format!("{:.1} ms", one.millis),
                ]
            })
            .collect(),
        mails: local.mailbox.list(None).len(),
        now: rfc3339(local.clock.now()),
        chart,
    })
}

/// The page `/setup` asks for it.
async fn setup(State(local): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let mut request = rolecall_http::Request::new(body);
    *request.headers_mut() = headers;
    let ports = local.host.ports(Arc::default());
    let response = local.setup_link.follow(&ports, &request).await;
    let response = response.unwrap_or_else(|problem| problem.into_response("setup"));
    response.map(axum::body::Body::from)
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage {
    mails: Vec<(Mail, Option<String>)>,
}

/// The mails, each with the link that it asks to follow.
fn with_links(mails: Vec<Mail>) -> Vec<(Mail, Option<String>)> {
    let link = |mail: &Mail| {
        mail.text
            .split_whitespace()
            .find(|word| word.starts_with("http://") || word.starts_with("https://"))
            .map(str::to_owned)
    };
    let with_link = |mut mail: Mail| {
        let link = link(&mail);
        // A page in the frame that shows a mail can send no form: links open outside of it.
        mail.html = mail.html.replacen("<head>", "<head><base target=\"_blank\">", 1);
        (mail, link)
    };
    mails.into_iter().map(with_link).collect()
}

async fn mail_page(State(local): Shared) -> Response {
    page(&MailPage { mails: with_links(local.mailbox.list(None)) })
}

fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (
            [(header::CACHE_CONTROL, "no-store"), (header::REFERRER_POLICY, "no-referrer")],
            Html(html),
        )
            .into_response(),
        Err(error) => problem(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}
