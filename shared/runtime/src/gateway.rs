use std::{pin::Pin, sync::Arc};

use bytes::Bytes;
use lambda_http::{Body, IntoResponse, RequestExt, request::RequestContext};
use rolecall_crypto::Crypto;
use rolecall_domain::meter::Meter;
use rolecall_http::{Gateway, route::Route, serve};

use rolecall_storage::Store;

use crate::host::Host;

/// An answer whose body is text already. `lambda_http` would look at its charset, and link every
/// legacy encoding for it.
pub(crate) struct Ready(lambda_http::Response<Body>);

impl IntoResponse for Ready {
    fn into_response(self) -> Pin<Box<dyn Future<Output = lambda_http::Response<Body>> + Send>> {
        Box::pin(std::future::ready(self.0))
    }
}

/// From API Gateway's event to the route and back.
pub(crate) async fn handle(
    host: &Host,
    route: &Route<Store, Crypto<Store>>,
    request: lambda_http::Request,
) -> Ready {
    let gateway = gateway(&request);
    let request = request.map(|body| match body {
        Body::Text(text) => Bytes::from(text),
        Body::Binary(bytes) => Bytes::from(bytes),
        _ => Bytes::new(),
    });
    let meter = Arc::new(Meter::default());
    let ports = host.ports(Arc::clone(&meter));
    let served = serve(route, ports, meter, gateway, request).await;
    if let Some(record) = served.record {
        host.recorder.record(record).await;
    }
    host.answered_calls.answered();
    Ready(served.response.map(|bytes| match String::from_utf8(bytes.into()) {
        Ok(text) => Body::Text(text),
        Err(error) => Body::Binary(error.into_bytes()),
    }))
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
