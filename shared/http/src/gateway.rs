//! API Gateway's HTTP API, payload format 2.0: its event as a request, and a response as its
//! payload (API Gateway developer guide, "AWS Lambda proxy integrations for HTTP APIs").
//!
//! Nothing that a client can write makes this fail: `lambda_http`'s own conversion panics on a raw
//! `"`, `<` or blank in a query, and on odd `Host`s.

use std::{collections::BTreeMap, net::IpAddr};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{Request, Response};

/// What the gateway in front knows of a request.
#[derive(Debug, Clone, Default)]
pub struct Gateway {
    /// `requestContext.http.sourceIp`, the only address that is believed; or the one that a trusted
    /// proxy tells, where that has proved itself.
    pub source_ip: Option<String>,
    /// The route that matched, `POST /api/v1/auth/token`.
    pub route: String,
    /// The parameters of its path, decoded; `None` where the host leaves that to the route.
    pub parameters: Option<BTreeMap<String, String>>,
}

/// The event of a request, as far as it is looked at.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    #[serde(default, deserialize_with = "or_nothing")]
    raw_path: String,
    #[serde(default, deserialize_with = "or_nothing")]
    raw_query_string: String,
    #[serde(default, deserialize_with = "or_nothing")]
    headers: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "or_nothing")]
    cookies: Vec<String>,
    path_parameters: Option<BTreeMap<String, String>>,
    #[serde(default, deserialize_with = "or_nothing")]
    body: String,
    #[serde(default)]
    is_base64_encoded: bool,
    request_context: RequestContext,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext {
    route_key: Option<String>,
    http: Http,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Http {
    method: String,
    source_ip: Option<String>,
}

/// `null` is as missing.
fn or_nothing<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    value: D,
) -> Result<T, D::Error> {
    Option::deserialize(value).map(Option::unwrap_or_default)
}

/// In what a trusted proxy proves itself.
pub const PROXY_SECRET: &str = "x-rolecall-proxy";

/// Where `CloudFront` writes the address of its client, over whatever the client wrote, when its
/// origin request policy asks for it. `X-Forwarded-For` begins with what the client wrote.
const VIEWER_ADDRESS: &str = "cloudfront-viewer-address";

/// Believes the address that a trusted proxy tells, where the secret that it adds is known; and
/// takes that out of the request, so that no handler and no log sees it.
pub async fn believe_proxy<E: std::fmt::Display>(
    gateway: &mut Gateway,
    request: &mut Request,
    knows: impl AsyncFnOnce(&[u8]) -> Result<bool, E>,
) {
    let Some(secret) = request.headers_mut().remove(PROXY_SECRET) else {
        return;
    };
    match knows(secret.as_bytes()).await {
        Ok(true) => gateway.source_ip = viewer_address(request).or(gateway.source_ip.take()),
        Ok(false) => {}
        Err(error) => tracing::warn!(error = %error, "the proxy's secret cannot be read"),
    }
}

/// The client's address as the proxy tells it, `203.0.113.9:46532`, with or without brackets around
/// one of IPv6.
fn viewer_address(request: &Request) -> Option<String> {
    let text = request.headers().get(VIEWER_ADDRESS)?.to_str().ok()?;
    let (address, port) = text.rsplit_once(':')?;
    let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address: IpAddr = bare.unwrap_or(address).parse().ok()?;
    port.parse::<u16>().ok().map(|_| address.to_string())
}

/// What an URI cannot hold as it is (RFC 3986 §3.3, §3.4).
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

impl Event {
    /// The request, and what the gateway knows of it.
    #[must_use]
    pub fn into_request(self) -> (Gateway, Request) {
        let Http { method, source_ip } = self.request_context.http;
        let mut path = utf8_percent_encode(&self.raw_path, ESCAPED).to_string().replace('?', "%3F");
        if !path.starts_with('/') {
            path.insert(0, '/');
        }
        let query = utf8_percent_encode(&self.raw_query_string, ESCAPED).to_string();
        let target = if query.is_empty() { path } else { format!("{path}?{query}") };
        let decoded = self.is_base64_encoded.then(|| STANDARD.decode(&self.body).ok()).flatten();
        let body = decoded.map_or_else(|| Bytes::from(self.body), Bytes::from);
        let mut request = Request::new(body);
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap_or_default();
        *request.uri_mut() = Uri::try_from(target).unwrap_or_default();
        *request.headers_mut() = headers(&self.headers, &self.cookies);
        let route = self.request_context.route_key.unwrap_or_else(|| method.clone());
        (Gateway { source_ip, route, parameters: self.path_parameters }, request)
    }
}

/// Those that HTTP allows; cookies come apart.
fn headers(given: &BTreeMap<String, String>, cookies: &[String]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let cookies = Some(cookies.join("; ")).filter(|cookies| !cookies.is_empty());
    let given = given.iter().map(|(name, value)| (name.as_str(), value));
    for (name, value) in given.chain(cookies.iter().map(|cookies| ("cookie", cookies))) {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            headers.insert(name, value);
        }
    }
    headers
}

/// The payload in which a function answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Payload {
    status_code: u16,
    headers: BTreeMap<String, String>,
    /// There also when it is empty: cargo-lambda takes no answer without it.
    cookies: Vec<String>,
    body: String,
    is_base64_encoded: bool,
}

impl From<Response> for Payload {
    fn from(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let headers = joined(&parts.headers);
        let cookies = parts.headers.get_all(header::SET_COOKIE).iter().map(text).collect();
        let (body, is_base64_encoded) = match String::from_utf8(body.into()) {
            Ok(text) => (text, false),
            Err(error) => (STANDARD.encode(error.as_bytes()), true),
        };
        let status_code = parts.status.as_u16();
        Self { status_code, headers, cookies, body, is_base64_encoded }
    }
}

/// Headers as API Gateway has them, but for cookies, which it has apart: values of one name are
/// joined by commas.
#[must_use]
pub fn joined(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut joined = BTreeMap::<String, String>::new();
    let is_cookie = |name: &HeaderName| [header::COOKIE, header::SET_COOKIE].contains(name);
    for (name, value) in headers.iter().filter(|(name, _)| !is_cookie(name)) {
        joined
            .entry(name.to_string())
            .and_modify(|before| *before = format!("{before},{}", text(value)))
            .or_insert_with(|| text(value));
    }
    joined
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_cloudfront_writes_it_and_nothing_else_is_one() {
        for (text, address) in [
            ("203.0.113.9:46532", Some("203.0.113.9")),
            ("2001:db8::7:46532", Some("2001:db8::7")),
            ("[2001:db8::7]:46532", Some("2001:db8::7")),
            ("203.0.113.9", None),
            ("203.0.113.9:46532,198.51.100.1:1", None),
            ("203.0.113.9:x", None),
            ("localhost:80", None),
            ("", None),
        ] {
            let mut request = Request::default();
            request.headers_mut().insert(VIEWER_ADDRESS, text.parse().unwrap());
            assert_eq!(viewer_address(&request).as_deref(), address, "{text}");
        }
    }
}
