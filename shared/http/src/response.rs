//! Responses that went well.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::{Problem, Request, Response};

/// JSON with a status.
pub fn json(status: StatusCode, body: &impl Serialize) -> Result<Response, Problem> {
    Ok(encode(status, body))
}

/// JSON that is there already.
pub fn raw_json(status: StatusCode, body: impl Into<Bytes>) -> Result<Response, Problem> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// 204.
pub fn no_content() -> Result<Response, Problem> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

/// Lets anybody keep the answer for `seconds`: for public keys and the OpenAPI document alone.
pub fn public(response: Result<Response, Problem>, seconds: u32) -> Result<Response, Problem> {
    let mut response = response?;
    if let Ok(value) = HeaderValue::try_from(format!("public, max-age={seconds}")) {
        response.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    Ok(response)
}

/// Marks an answer with the version of what it shows.
pub fn with_etag(response: Result<Response, Problem>, version: u64) -> Result<Response, Problem> {
    let mut response = response?;
    if let Ok(value) = HeaderValue::try_from(format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, value);
    }
    Ok(response)
}

/// An answer that its caller may keep, and asks about anew each time: 304 if `If-None-Match` names
/// what it is now (RFC 9110 §13.1.2).
pub fn revalidated(
    request: &Request,
    etag: &str,
    make: impl FnOnce() -> Result<Response, Problem>,
) -> Result<Response, Problem> {
    let etag = format!("\"{etag}\"");
    let known = request.headers().get_all(header::IF_NONE_MATCH).iter();
    let known = known.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let is_known =
        known.map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == etag);
    let mut response = if is_known {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        make()?
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(value) = HeaderValue::try_from(etag) {
        headers.insert(header::ETAG, value);
    }
    Ok(response)
}

/// A body as JSON. What cannot be written as JSON is a bug, and answers 500 without a body.
pub(crate) fn encode(status: StatusCode, body: &impl Serialize) -> Response {
    let (status, bytes) = serde_json::to_vec(body)
        .map_or((StatusCode::INTERNAL_SERVER_ERROR, Bytes::new()), |json| (status, json.into()));
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The headers that every answer has. Nobody keeps an answer that does not say so itself.
pub(crate) fn finish(headers: &mut HeaderMap, request_id: &str) {
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::try_from(request_id) {
        headers.insert("x-request-id", value);
    }
}
