use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::tracker::Tracker;

/// A layer for Lambda functions: what was tracked is sent before the response is handed on, because
/// a frozen function sends nothing. Put it around all others. The response goes on also where the
/// flush fails, which is logged.
#[derive(Debug, Clone)]
pub struct FlushBeforeResponse(Tracker);

impl FlushBeforeResponse {
    /// For this tracker, and all of its clones.
    #[must_use]
    pub fn new(tracker: &Tracker) -> Self {
        Self(tracker.clone())
    }
}

impl<S> Layer<S> for FlushBeforeResponse {
    type Service = Flushing<S>;

    fn layer(&self, inner: S) -> Flushing<S> {
        Flushing { inner, tracker: self.0.clone() }
    }
}

/// A service behind [`FlushBeforeResponse`].
#[derive(Debug, Clone)]
pub struct Flushing<S> {
    inner: S,
    tracker: Tracker,
}

impl<S, B, R> Service<Request<B>> for Flushing<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
    S::Error: Send,
    R: Send,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let response = self.inner.call(request);
        let tracker = self.tracker.clone();
        Box::pin(async move {
            let response = response.await;
            if let Err(error) = tracker.flush().await {
                tracing::warn!(error = %error, source = %error.source, "the flush failed");
            }
            response
        })
    }
}
