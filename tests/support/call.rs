use std::{net::IpAddr, pin::Pin, sync::Arc};

use futures::future::{join, join_all};
use reqwest::{
    Client, RequestBuilder,
    header::{HeaderName, HeaderValue},
};
use serde_json::Value;

use super::{Actor, Response, wire::Wire};

/// A request, which is sent when it is awaited.
#[must_use = "it is sent when it is awaited"]
pub(crate) struct Call {
    wire: Arc<Wire>,
    client: Client,
    request: RequestBuilder,
}

impl Call {
    pub(super) fn new(wire: Arc<Wire>, request: RequestBuilder) -> Self {
        let client = wire.client.clone();
        Self { wire, client, request }
    }

    fn with(self, change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Self {
        Self { request: change(self.request), ..self }
    }

    pub(crate) fn header<V>(self, name: &str, value: V) -> Self
    where
        HeaderValue: TryFrom<V, Error: Into<http::Error>>,
    {
        let name: HeaderName = name.parse().unwrap();
        self.with(|request| request.header(name, value))
    }

    pub(crate) fn query(self, query: &[(&str, &str)]) -> Self {
        self.with(|request| request.query(query))
    }

    /// With an access token, or what passes itself off as one.
    pub(crate) fn bearer(self, token: &str) -> Self {
        self.with(|request| request.bearer_auth(token))
    }

    pub(crate) fn json(self, body: impl Body) -> Self {
        self.with(|request| body.put_into(request))
    }

    /// With a body that is what it is.
    pub(crate) fn body(self, body: impl Into<reqwest::Body>) -> Self {
        self.with(|request| request.body(body))
    }

    /// Who it signs in.
    pub(crate) async fn actor(self) -> Actor {
        let wire = Arc::clone(&self.wire);
        Actor::new(&wire, self.await.expect(200).json())
    }

    /// From another address of the loopback network.
    pub(crate) fn sent_from(self, address: &str) -> Self {
        Self { client: client_at(address), ..self }
    }
}

impl IntoFuture for Call {
    type Output = Response;
    type IntoFuture = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.wire.send(&self.client, self.request).await })
    }
}

/// What a request may carry: a JSON value, or nothing at all, which is `()` or `None`.
pub(crate) trait Body {
    fn put_into(self, request: RequestBuilder) -> RequestBuilder;
}

impl Body for Value {
    fn put_into(self, request: RequestBuilder) -> RequestBuilder {
        request.json(&self)
    }
}

impl Body for &Value {
    fn put_into(self, request: RequestBuilder) -> RequestBuilder {
        request.json(self)
    }
}

impl Body for () {
    fn put_into(self, request: RequestBuilder) -> RequestBuilder {
        request
    }
}

impl<B: Body> Body for Option<B> {
    fn put_into(self, request: RequestBuilder) -> RequestBuilder {
        match self {
            Some(body) => body.put_into(request),
            None => request,
        }
    }
}

/// A client that asks from an address of the loopback network.
fn client_at(address: &str) -> Client {
    Client::builder().local_address(address.parse::<IpAddr>().unwrap()).build().unwrap()
}

/// Sends two at the same time.
pub(crate) async fn both(one: Call, other: Call) -> (Response, Response) {
    join(one.into_future(), other.into_future()).await
}

/// Sends all at the same time.
pub(crate) async fn at_once(calls: impl IntoIterator<Item = Call>) -> Vec<Response> {
    join_all(calls.into_iter().map(IntoFuture::into_future)).await
}
