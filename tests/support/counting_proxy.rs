use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinSet};

/// Units by what they were spent for: an operation of DynamoDB's.
type Spent = BTreeMap<String, f64>;

struct Counter {
    far: String,
    client: reqwest::Client,
    spent: Mutex<Spent>,
}

/// A way to a DynamoDB that adds up what everything behind it consumes.
pub(crate) struct CountingProxy {
    /// Where its near end listens.
    pub(crate) url: String,
    counter: Arc<Counter>,
    _server: JoinSet<()>,
}

impl CountingProxy {
    /// From a free port to the DynamoDB at `url`.
    pub(crate) async fn to(url: &str) -> Self {
        let counter = Arc::new(Counter {
            far: url.to_owned(),
            client: reqwest::Client::new(),
            spent: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(hand_on).with_state(Arc::clone(&counter));
        let mut server = JoinSet::new();
        server.spawn(async move { drop(axum::serve(listener, router).await) });
        Self { url, counter, _server: server }
    }

    /// Read and write units so far.
    pub(crate) fn spent(&self) -> (f64, f64) {
        let spent = self.counter.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let is_read = |name: &str| {
            ["Get", "BatchGet", "Query", "Scan"].iter().any(|one| name.starts_with(one))
        };
        let sum = |wanted: bool| {
            spent.iter().filter(|(name, _)| is_read(name) == wanted).map(|(_, units)| units).sum()
        };
        (sum(true), sum(false))
    }
}

/// The units that a response tells of.
fn units(response: &Value) -> f64 {
    let of = |one: &Value| one["CapacityUnits"].as_f64().unwrap_or_default();
    match &response["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().map(of).sum(),
        one => of(one),
    }
}

async fn hand_on(
    State(counter): State<Arc<Counter>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, Bytes) {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
    let operation =
        target.and_then(|target| target.split('.').nth(1)).unwrap_or_default().to_owned();
    let (status, headers, body) = hand_over(&counter.client, &counter.far, &headers, body).await;
    let told = serde_json::from_slice(&body).map_or(0.0, |told| units(&told));
    *counter.spent.lock().unwrap_or_else(PoisonError::into_inner).entry(operation).or_default() +=
        told;
    (status, headers, body)
}

/// Sends a request on, and brings its answer back.
pub(crate) async fn hand_over(
    client: &reqwest::Client,
    far: &str,
    headers: &HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, Bytes) {
    let mut request = client.post(far).body(body);
    for (name, value) in
        headers.iter().filter(|(name, _)| *name != "host" && *name != "content-length")
    {
        request = request.header(name, value);
    }
    let Ok(response) = request.send().await else {
        return (StatusCode::BAD_GATEWAY, HeaderMap::new(), Bytes::new());
    };
    let (status, mut headers) = (response.status(), response.headers().clone());
    headers.remove("transfer-encoding");
    (status, headers, response.bytes().await.unwrap_or_default())
}
