use std::{collections::HashMap, net::SocketAddr, sync::Arc};

use axum::body::{Body, to_bytes};
use functions::Endpoint;
use http::Method;
use matchit::Router;
use rolecall_domain::{clock::Clock, ids::Id, meter::Meter, rng::SystemRng};
use rolecall_http::{
    ErrorCode, Problem, Recorder, Response,
    access::Access,
    gateway::{Event, Payload, believe_proxy},
    serve,
};

use crate::{
    cors::CorsRules,
    gateway,
    host::Host,
    metrics::{Metrics, Recent},
    progress::Progress,
};

/// API Gateway refuses longer bodies itself.
const GATEWAY_LIMIT: usize = 10 * 1024 * 1024;

/// API Gateway's part: finds the route, makes the event, runs the function, counts.
pub(crate) struct HttpServer {
    host: Arc<Host>,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
    router: Router<HashMap<Method, Endpoint>>,
    fallback: Endpoint,
    progress: Arc<Progress>,
    recorder: Recorder,
    cors: CorsRules,
}

/// What they show follows by the table's stream.
const LISTS_OF_PEOPLE: [&str; 4] = ["export_members", "export_users", "list_members", "list_users"];

impl HttpServer {
    pub(crate) fn new(
        host: Arc<Host>,
        clock: Arc<dyn Clock>,
        metrics: Arc<Metrics>,
        progress: Arc<Progress>,
        recorder: Recorder,
        cors: CorsRules,
    ) -> Result<Self, matchit::InsertError> {
        let mut paths: HashMap<&str, HashMap<Method, Endpoint>> = HashMap::new();
        for endpoint in functions::routes::all().into_iter().chain(functions::routes::pages()) {
            paths.entry(endpoint.path).or_default().insert(endpoint.method.clone(), endpoint);
        }
        let mut router = Router::new();
        for (path, methods) in paths {
            router.insert(path, methods)?;
        }
        Ok(Self {
            host,
            clock,
            metrics,
            router,
            fallback: functions::routes::fallback(),
            progress,
            recorder,
            cors,
        })
    }

    /// Answers one HTTP request from `peer`.
    pub(crate) async fn response(
        &self,
        peer: SocketAddr,
        request: axum::extract::Request,
    ) -> http::Response<Body> {
        let Some(origin) = self.cors.origin(request.headers()) else {
            return self.routed(peer, request).await;
        };
        let preflight = self.cors.preflight(request.method(), request.headers(), &origin);
        if let Some(response) = preflight {
            return response;
        }
        let mut response = self.routed(peer, request).await;
        self.cors.expose(&mut response, origin);
        response
    }

    async fn routed(
        &self,
        peer: SocketAddr,
        request: axum::extract::Request,
    ) -> http::Response<Body> {
        let (parts, body) = request.into_parts();
        let request_id = Id::<()>::new(self.clock.as_ref(), &SystemRng).to_string();
        let Ok(body) = to_bytes(body, GATEWAY_LIMIT).await else {
            return Problem::new(ErrorCode::BodyTooLarge, "A body has at most 64 KiB.")
                .into_response(&request_id)
                .map(Body::from);
        };
        let request = http::Request::from_parts(parts, body);
        // HEAD is a route beside each GET, on the same function.
        let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        let found = self.router.at(request.uri().path()).ok();
        let found = found.and_then(|found| found.value.get(method));
        let endpoint = found.unwrap_or(&self.fallback);
        let route = found.map_or_else(
            || "$default".to_owned(),
            |endpoint| format!("{} {}", request.method(), endpoint.path),
        );
        let event =
            gateway::event(&request, &route, &peer.ip().to_string(), &request_id, self.clock.now());
        let is_change = *method != Method::GET;
        if LISTS_OF_PEOPLE.contains(&endpoint.name) {
            self.progress.caught_up().await;
        }
        let response = match self.run(endpoint, event).await {
            Ok(response) => response,
            Err(error) => {
                tracing::error!(
                    request_id,
                    route,
                    error,
                    "the gateway could not pass a request on"
                );
                Problem::bug(error).into_response(&request_id)
            }
        };
        if is_change {
            self.progress.changed();
        }
        self.progress.written.notify_one();
        response.map(Body::from)
    }

    async fn run(&self, endpoint: &Endpoint, event: serde_json::Value) -> Result<Response, String> {
        let event: Event = serde_json::from_value(event).map_err(|error| error.to_string())?;
        let (mut gateway, mut request) = event.into_request();
        let knows = async |secret: &[u8]| self.host.proxy.knows(secret).await;
        believe_proxy(&mut gateway, &mut request, knows).await;
        let meter = Arc::new(Meter::default());
        let route = gateway.route.clone();
        let ports = self.host.ports(Arc::clone(&meter));
        let served = serve(endpoint, ports, Arc::clone(&meter), gateway, request).await;
        let recent = Recent {
            at: self.clock.now(),
            route,
            status: served.response.status().as_u16(),
            millis: served.millis,
        };
        if endpoint.handler.access != Access::Page {
            self.metrics.count(recent, meter.cost());
        }
        if let Some(record) = served.record {
            self.recorder.record(record).await;
        }
        let payload = serde_json::to_value(Payload::from(served.response));
        gateway::response(&payload.map_err(|error| error.to_string())?)
    }
}
