use std::sync::Arc;

use rolecall_domain::{Ports, activity::Activity, meter::Meter};
use rolecall_http::{
    gateway::{Event, Payload},
    route::Route,
    serve,
};

/// From API Gateway's event to the route and back; with the record of the call, where it has one.
pub(crate) async fn handle<S: Clone, C: Clone>(
    route: &Route<S, C>,
    ports: Ports<S, C>,
    meter: Arc<Meter>,
    event: Event,
) -> (Payload, Option<Activity>) {
    let (gateway, request) = event.into_request();
    let served = serve(route, ports, meter, gateway, request).await;
    (served.response.into(), served.record)
}
