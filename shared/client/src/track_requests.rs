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
    token::Caller,
    tracker::Tracker,
};

/// A path is recorded up to this length, in characters.
const LONGEST_PATH: usize = 900;

/// A layer that records every request as an activity `http_request` of category `api` and severity
/// `info`: method, path without the query, status and duration. It is in the name of the caller
/// that a layer within it found ([`Authenticate`](crate::Authenticate) and the others), or else of
/// the service.
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
        let path: String = request.uri().path().chars().take(LONGEST_PATH).collect();
        let activity = Activity::new("http_request")
            .description(format!("{} {path}", request.method()))
            .category(Category::Api)
            .severity(Severity::Info)
            .detail("method", request.method().as_str())
            .detail("path", path);
        let (tracker, activity) = (self.tracker.clone(), Some(activity));
        let record = Record { tracker, activity, began: Instant::now() };
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
    tracker: Tracker,
    activity: Option<Activity>,
    began: Instant,
}

impl Record {
    fn make(&mut self, outcome: Result<(StatusCode, Option<&Caller>), &str>) {
        let Some(activity) = self.activity.take() else { return };
        let activity = activity.duration(self.began.elapsed());
        match outcome {
            Ok((status, caller)) => {
                let activity = activity.detail("status", status.as_u16());
                let tracker = caller.map(|caller| self.tracker.acting_as(caller));
                tracker.as_ref().unwrap_or(&self.tracker).track(if status.is_server_error() {
                    activity.failed(status.to_string())
                } else {
                    activity
                });
            }
            Err(why) => self.tracker.track(activity.failed(why)),
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.make(Err("The request was cancelled."));
    }
}

impl<R, E, F: Future<Output = Result<Response<R>, E>>> Future for TrackedResponse<F> {
    type Output = Result<Response<R>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.response.poll(cx));
        this.record.make(match &response {
            Ok(response) => Ok((response.status(), response.extensions().get())),
            Err(_) => Err("The service failed."),
        });
        Poll::Ready(response)
    }
}
