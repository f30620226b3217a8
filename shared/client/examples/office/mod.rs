//! A drawing office's service. Whoever is signed in reads drawings; who has the permission
//! `pid.create` saves them, but no drawing of another organization; who has the module `PID` sees
//! how many there are.

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
    Activity, Authenticate, Caller, Client, Operation, Policy, RequireModule, RequirePermission,
    TrackRequests, Tracker,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize)]
struct Drawing {
    code: String,
    title: String,
    #[serde(skip_deserializing)]
    organization: Option<String>,
}

/// All may be read, and those of the caller's organization written.
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

/// For the extractor of [`Caller`].
impl FromRef<Office> for Client {
    fn from_ref(office: &Office) -> Self {
        office.client.clone()
    }
}

async fn save(
    State(office): State<Office>,
    caller: Caller,
    Json(mut drawing): Json<Drawing>,
) -> Result<(StatusCode, Json<Drawing>), StatusCode> {
    let tracker = office.tracker.acting_as(&caller);
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

/// The service, on a server of its own or in a Lambda function.
pub(crate) fn service(client: Client, tracker: Tracker) -> Router {
    let read = get(read).route_layer(Authenticate::new(&client));
    let save = post(save).route_layer(RequirePermission::new(&client, "pid.create"));
    let statistics = get(statistics).route_layer(RequireModule::new(&client, "PID"));
    let requests = TrackRequests::new(&tracker);
    Router::new()
        .route("/drawings", save)
        .route("/drawings/{code}", read)
        .route("/statistics", statistics)
        .layer(requests)
        .with_state(Office { client, tracker, drawings: Arc::default() })
}
