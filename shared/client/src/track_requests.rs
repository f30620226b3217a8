use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

use http::{Request, Response, StatusCode};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    activity::{Activity, Category, Severity},
    layer::bearer,
    tracker::Tracker,
};

/// A layer that records every request as an activity `http_request` of category `api` and severity
/// `info`: method, path without the query, status and duration; in the name of the token or API key
/// that it came with, or else of the service.
#[derive(Debug, Clone)]
pub struct TrackRequests(Tracker);

impl TrackRequests {
    /// With a tracker whose own token is the service's.
    #[must_use]
    pub fn new(tracker: &Tracker) -> Self {
        Self(tracker.clone())
    }
}

impl<S> Layer<S> for TrackRequests {
    type Service = Tracking<S>;

    fn layer(&self, inner: S) -> Tracking<S> {
        Tracking { inner, tracker: self.0.clone() }
    }
}

/// A service whose requests are recorded.
#[derive(Debug, Clone)]
pub struct Tracking<S> {
    inner: S,
    tracker: Tracker,
}

impl<S, B, R> Service<Request<B>> for Tracking<S>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = TrackedResponse<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let activity = Activity::new("http_request")
            .description(format!("{} {}", request.method(), request.uri().path()))
            .category(Category::Api)
            .severity(Severity::Info)
            .detail("method", request.method().as_str())
            .detail("path", request.uri().path());
        let record = Record {
            own: self.tracker.clone(),
            callers: bearer(request.headers()).ok().map(|token| self.tracker.acting_as(token)),
            activity: Some(activity),
            began: Instant::now(),
        };
        TrackedResponse { response: self.inner.call(request), record }
    }
}

pin_project! {
    /// A response that is recorded, also where nobody waits for it any more.
    pub struct TrackedResponse<F> {
        #[pin]
        response: F,
        record: Record,
    }
}

struct Record {
    own: Tracker,
    callers: Option<Tracker>,
    activity: Option<Activity>,
    began: Instant,
}

impl Record {
    fn make(&mut self, status: Option<StatusCode>) {
        let Some(activity) = self.activity.take() else { return };
        let activity = activity.duration(self.began.elapsed());
        let activity = match status {
            Some(status) if status.is_server_error() => {
                activity.detail("status", status.as_u16()).failed(status.to_string())
            }
            Some(status) => activity.detail("status", status.as_u16()),
            None => activity.failed("The request was cancelled."),
        };
        let is_known = status != Some(StatusCode::UNAUTHORIZED);
        let callers = self.callers.take().filter(|_| is_known);
        callers.as_ref().unwrap_or(&self.own).track(activity);
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.make(None);
    }
}

impl<R, E, F: Future<Output = Result<Response<R>, E>>> Future for TrackedResponse<F> {
    type Output = Result<Response<R>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.response.poll(cx));
        this.record.make(response.as_ref().ok().map(Response::status));
        Poll::Ready(response)
    }
}
