//! HTTP/1.1 over TLS for the SDK: all that DynamoDB, SES and SSM need. The SDK's own client also
//! speaks HTTP/2, and every function would carry it.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector as Tcp},
    rt::TokioExecutor,
};

type Pool = Client<hyper_rustls::HttpsConnector<Tcp>, SdkBody>;

/// A pool of connections, made at the first call: reading the machine's roots takes longer than
/// starting the function. Timeouts of a whole attempt are the SDK's; only connecting has one here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Https(Arc<OnceLock<Pool>>);

impl Https {
    /// Makes the pool on a thread of its own, before it is needed.
    pub(crate) async fn prepare(&self) {
        let https = self.clone();
        // A failure comes back at the first call.
        let _ = tokio::task::spawn_blocking(move || drop(https.pool().cloned())).await;
    }

    /// Sends one request of our own, and reads status and body of the answer.
    pub(crate) async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<(u16, bytes::Bytes), String> {
        let pool = self.pool().map_err(|error| error.to_string())?;
        let response =
            pool.request(request.map(SdkBody::from)).await.map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.map_err(|error| error.to_string())?;
        Ok((status, body.to_bytes()))
    }

    fn pool(&self) -> Result<&Pool, ConnectorError> {
        if let Some(pool) = self.0.get() {
            return Ok(pool);
        }
        let mut tcp = Tcp::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(Duration::from_secs(1)));
        let roots = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|error| ConnectorError::io(error.into()))?;
        let connector = roots.https_or_http().enable_http1().wrap_connector(tcp);
        Ok(self.0.get_or_init(|| Client::builder(TokioExecutor::new()).build(connector)))
    }
}

impl HttpConnector for Https {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let https = self.clone();
        HttpConnectorFuture::new(async move {
            let pool = https.pool()?;
            let request =
                request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            let response =
                pool.request(request).await.map_err(|error| ConnectorError::io(error.into()))?;
            HttpResponse::try_from(response.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

impl HttpClient for Https {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
