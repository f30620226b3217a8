use std::sync::Arc;

use rolecall_crypto::TrustedProxy;
use rolecall_domain::{Ports, activity::Activity, meter::Meter};
use rolecall_http::{
    gateway::{Event, Payload, believe_proxy},
    route::Route,
    serve,
};

/// From API Gateway's event to the route and back; with the record of the call, where it has one.
pub(crate) async fn handle<S: Clone, C: Clone>(
    route: &Route<S, C>,
    ports: Ports<S, C>,
    meter: Arc<Meter>,
    proxy: Option<&TrustedProxy>,
    event: Event,
) -> (Payload, Option<Activity>) {
    let (mut gateway, mut request) = event.into_request();
    if let Some(proxy) = proxy {
        let knows = async |secret: &[u8]| proxy.knows(secret).await;
        believe_proxy(&mut gateway, &mut request, knows).await;
    }
    let served = serve(route, ports, meter, gateway, request).await;
    (served.response.into(), served.record)
}
