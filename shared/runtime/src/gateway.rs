use std::{pin::Pin, sync::Arc};

use bytes::Bytes;
use lambda_http::{Body, IntoResponse, RequestExt, request::RequestContext};
use rolecall_domain::{Ports, activity::Activity, meter::Meter};
use rolecall_http::{Gateway, route::Route, serve};

/// An answer whose body is text already. `lambda_http` would look at its charset, and link every
/// legacy encoding for it.
pub(crate) struct Ready(lambda_http::Response<Body>);

impl IntoResponse for Ready {
    fn into_response(self) -> Pin<Box<dyn Future<Output = lambda_http::Response<Body>> + Send>> {
        Box::pin(std::future::ready(self.0))
    }
}

/// From API Gateway's event to the route and back; with the record of the call, where it has one.
pub(crate) async fn handle<S: Clone, C: Clone>(
    route: &Route<S, C>,
    ports: Ports<S, C>,
    meter: Arc<Meter>,
    request: lambda_http::Request,
) -> (Ready, Option<Activity>) {
    let gateway = gateway(&request);
    let request = request.map(|body| match body {
        Body::Text(text) => Bytes::from(text),
        Body::Binary(bytes) => Bytes::from(bytes),
        _ => Bytes::new(),
    });
    let served = serve(route, ports, meter, gateway, request).await;
    let response = served.response.map(|bytes| match String::from_utf8(bytes.into()) {
        Ok(text) => Body::Text(text),
        Err(error) => Body::Binary(error.into_bytes()),
    });
    (Ready(response), served.record)
}

fn gateway(request: &lambda_http::Request) -> Gateway {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => Gateway {
            source_ip: context.http.source_ip.clone(),
            route: context.route_key.clone().unwrap_or_else(|| request.method().to_string()),
        },
        _ => Gateway { source_ip: None, route: request.method().to_string() },
    }
}
