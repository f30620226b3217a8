//! A drawing office's service: whoever is signed in reads drawings, `pid.create` creates them, and
//! the module `PID` shows their statistics.
//!
//! ```sh
//! export ROLECALL_URL=http://127.0.0.1:3000 ROLECALL_KEY=rcs_…
//! cargo run --example axum_service -p rolecall-client
//! ```
//!
//! `ROLECALL_KEY` is an API key of the service's own account. What nobody did who was signed in is
//! recorded in its name.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json, Router,
    extract::{FromRef, Path, State},
    http::StatusCode,
    routing::{get, post},
};
use rolecall_client::{
    Activity, Caller, Client, Operation, Policy, RequireModule, RequirePermission, TrackRequests,
    Tracker,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize)]
struct Drawing {
    code: String,
    title: String,
    #[serde(skip_deserializing)]
    organization: Option<String>,
}

/// Whoever may read reads all of them, and writes those of their own organization.
struct Drawings;

impl Policy<Drawing> for Drawings {
    fn organization<'a>(&self, drawing: &'a Drawing) -> Option<&'a str> {
        drawing.organization.as_deref()
    }
}

#[derive(Clone)]
struct Office {
    client: Client,
    tracker: Tracker,
    drawings: Arc<Mutex<BTreeMap<String, Drawing>>>,
}

/// What the extractor of `Caller` verifies tokens with.
impl FromRef<Office> for Client {
    fn from_ref(office: &Office) -> Self {
        office.client.clone()
    }
}

async fn create(
    State(office): State<Office>,
    caller: Caller,
    Json(mut drawing): Json<Drawing>,
) -> Result<(StatusCode, Json<Drawing>), StatusCode> {
    let tracker = office.tracker.acting_as(caller.token());
    let activity = Activity::new("drawing_saved")
        .description(format!("Drawing {} was saved.", drawing.code))
        .category("data_management")
        .detail("title", drawing.title.as_str())
        .tag("pid")
        .related("drawing", drawing.code.as_str());
    drawing.organization.clone_from(&caller.organization);
    let mut drawings = office.drawings.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(saved) = drawings.get(&drawing.code)
        && !Drawings.allows(&caller, Operation::Write, saved)
    {
        tracker.track(activity.failed("The drawing is of another organization."));
        return Err(StatusCode::FORBIDDEN);
    }
    drawings.insert(drawing.code.clone(), drawing.clone());
    tracker.track(activity);
    Ok((StatusCode::CREATED, Json(drawing)))
}

async fn read(
    State(office): State<Office>,
    _caller: Caller,
    Path(code): Path<String>,
) -> Result<Json<Drawing>, StatusCode> {
    let drawings = office.drawings.lock().unwrap_or_else(PoisonError::into_inner);
    drawings.get(&code).cloned().map(Json).ok_or(StatusCode::NOT_FOUND)
}

async fn statistics(State(office): State<Office>) -> Json<BTreeMap<String, usize>> {
    let drawings = office.drawings.lock().unwrap_or_else(PoisonError::into_inner);
    let mut count = BTreeMap::new();
    for organization in drawings.values().filter_map(|drawing| drawing.organization.clone()) {
        *count.entry(organization).or_default() += 1;
    }
    Json(count)
}

fn router(office: Office) -> Router {
    let client = &office.client;
    Router::new()
        .route("/drawings", post(create).layer(RequirePermission::new(client, "pid.create")))
        .route("/drawings/{code}", get(read))
        .route("/statistics", get(statistics).layer(RequireModule::new(client, "PID")))
        .layer(TrackRequests::new(&office.tracker))
        .with_state(office)
}

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "a program reads its settings when it starts")]
#[expect(clippy::print_stdout, reason = "the address that it listens on")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new(std::env::var("ROLECALL_URL")?)?;
    client.check_document_version().await?;
    let tracker = Tracker::new(&client, std::env::var("ROLECALL_KEY")?);
    let office = Office { client, tracker: tracker.clone(), drawings: Arc::default() };

    let address = std::env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:4000".to_owned());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let stopped = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, router(office)).with_graceful_shutdown(stopped).await?;
    tracker.flush().await?;
    Ok(())
}
