use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinSet};

use super::counting_proxy::hand_over;

/// A held transaction: tells that it is there, and waits until it may go on.
type Held = (oneshot::Sender<()>, oneshot::Receiver<()>);

struct Door {
    far: String,
    client: reqwest::Client,
    next: Mutex<Option<Held>>,
}

/// A way to a DynamoDB on which an administrator's change can be held up.
pub(crate) struct HoldingProxy {
    /// Where its near end listens.
    pub(crate) url: String,
    door: Arc<Door>,
    _server: JoinSet<()>,
}

impl HoldingProxy {
    /// From a free port to the DynamoDB at `url`.
    pub(crate) async fn to(url: &str) -> Self {
        let door = Arc::new(Door {
            far: url.to_owned(),
            client: reqwest::Client::new(),
            next: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(hand_on).with_state(Arc::clone(&door));
        let mut server = JoinSet::new();
        server.spawn(async move { drop(axum::serve(listener, router).await) });
        Self { url, door, _server: server }
    }

    /// Holds the next transaction up that is conditioned on the account of its administrator: the
    /// first end tells that it came, and the second lets it go on.
    pub(crate) fn hold(&self) -> (oneshot::Receiver<()>, oneshot::Sender<()>) {
        let ((came, has_come), (go_on, may_go_on)) = (oneshot::channel(), oneshot::channel());
        *self.door.next.lock().unwrap_or_else(PoisonError::into_inner) = Some((came, may_go_on));
        (has_come, go_on)
    }
}

async fn hand_on(
    State(door): State<Arc<Door>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, Bytes) {
    let is_conditioned = String::from_utf8_lossy(&body).contains(":allowed_version");
    let stopped =
        door.next.lock().unwrap_or_else(PoisonError::into_inner).take_if(|_| is_conditioned);
    if let Some((came, may_go_on)) = stopped {
        came.send(()).unwrap_or_default();
        drop(may_go_on.await);
    }
    hand_over(&door.client, &door.far, &headers, body).await
}
