use std::sync::{
    Arc,
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
    server: JoinHandle<()>,
}

#[derive(Clone)]
struct Far {
    url: String,
    client: Client,
    calls: Arc<AtomicUsize>,
}

impl FailingProxy {
    /// From a free port to the server at `url`.
    pub(crate) async fn to(url: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::<AtomicUsize>::default();
        let far = Far { url, client: Client::new(), calls: Arc::clone(&calls) };
        let app = Router::new().fallback(forward).with_state(far);
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url: near, calls, server }
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
    let fails = number % 3 == 2;
    let is_lost_on_the_way = number % 2 == 0;
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
