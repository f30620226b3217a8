use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, body::Body, extract::State, http::Response as HttpResponse};
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use reqwest::Client;
use tokio::{net::TcpListener, task::JoinHandle};

/// A stack that fails every third call: one that it never saw, the next one after it was done.
pub(crate) struct FailingProxy {
    pub(crate) url: String,
    calls: Arc<AtomicUsize>,
    mode: Arc<Mutex<Mode>>,
    server: JoinHandle<()>,
}

#[derive(Clone, Copy)]
enum Mode {
    EveryThird,
    EveryAnswer,
    Working,
}

#[derive(Clone)]
struct Far {
    url: String,
    client: Client,
    calls: Arc<AtomicUsize>,
    mode: Arc<Mutex<Mode>>,
}

impl FailingProxy {
    /// From a free port to the server at `url`.
    pub(crate) async fn to(url: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::<AtomicUsize>::default();
        let mode = Arc::new(Mutex::new(Mode::EveryThird));
        let (client, kept) = (Client::new(), Arc::clone(&mode));
        let far = Far { url, client, calls: Arc::clone(&calls), mode: kept };
        let app = Router::new().fallback(forward).with_state(far);
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url: near, calls, mode, server }
    }

    /// From now on every call is done, and its answer is lost.
    pub(crate) fn lose_every_answer(&mut self) {
        *self.mode.lock().unwrap() = Mode::EveryAnswer;
    }

    /// From now on no call fails.
    pub(crate) fn work(&mut self) {
        *self.mode.lock().unwrap() = Mode::Working;
    }

    /// How many calls came.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

impl Drop for FailingProxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn forward(State(far): State<Far>, request: Request<Body>) -> HttpResponse<Body> {
    let number = far.calls.fetch_add(1, Ordering::SeqCst);
    let (fails, is_lost_on_the_way) = match *far.mode.lock().unwrap() {
        Mode::EveryThird => (number % 3 == 2, number % 2 == 0),
        Mode::EveryAnswer => (true, false),
        Mode::Working => (false, false),
    };
    if fails && is_lost_on_the_way {
        return status(StatusCode::BAD_GATEWAY);
    }
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let response = send(&far, parts.method, &parts.uri, parts.headers, body).await;
    if fails { status(StatusCode::GATEWAY_TIMEOUT) } else { response }
}

fn status(status: StatusCode) -> HttpResponse<Body> {
    HttpResponse::builder().status(status).body(Body::empty()).unwrap()
}

async fn send(
    far: &Far,
    method: Method,
    uri: &Uri,
    mut headers: HeaderMap,
    body: bytes::Bytes,
) -> HttpResponse<Body> {
    headers.remove("host");
    headers.remove("content-length");
    let request = far.client.request(method, format!("{}{uri}", far.url));
    let response = request.headers(headers).body(body).send().await.unwrap();
    let mut passed_on = HttpResponse::builder().status(response.status());
    for name in ["content-type", "retry-after"] {
        if let Some(value) = response.headers().get(name) {
            passed_on = passed_on.header(name, value);
        }
    }
    passed_on.body(Body::from(response.bytes().await.unwrap())).unwrap()
}
