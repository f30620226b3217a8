//! API Gateway's HTTP API, payload format 2.0: an HTTP request as its event, a function's answer as
//! HTTP (API Gateway developer guide, "AWS Lambda proxy integrations for HTTP APIs").

#![expect(
    clippy::indexing_slicing,
    reason = "a key that is missing from a JSON object is made, or read as null"
)]

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use rolecall_domain::clock::Timestamp;
use rolecall_http::{Request, Response, gateway::joined, route::parameters};
use serde_json::{Value, json};

/// The event that API Gateway hands to the function of `route_key`.
#[must_use]
pub fn event(
    request: &Request,
    route_key: &str,
    source_ip: &str,
    request_id: &str,
    now: Timestamp,
) -> Value {
    let headers = joined(request.headers());
    let cookies = request.headers().get_all(header::COOKIE).iter();
    let cookies = cookies.filter_map(|value| value.to_str().ok());
    let cookies: Vec<&str> = cookies.flat_map(|value| value.split("; ")).collect();
    let agent = headers.get("user-agent").cloned().unwrap_or_default();
    let path = request.uri().path();
    let (body, is_base64_encoded) = match std::str::from_utf8(request.body()) {
        Ok("") => (Value::Null, false),
        Ok(text) if is_text(request.headers()) => (json!(text), false),
        _ => (json!(STANDARD.encode(request.body())), true),
    };
    let mut event = json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": request.uri().query().unwrap_or_default(),
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": "127.0.0.1",
            "domainPrefix": "127",
            "http": {
                "method": request.method().as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": source_ip,
                "userAgent": agent,
            },
            "requestId": request_id,
            "routeKey": route_key,
            "stage": "$default",
            "time": now.to_string(),
            "timeEpoch": now.as_millisecond(),
        },
        "isBase64Encoded": is_base64_encoded,
    });
    if !body.is_null() {
        event["body"] = body;
    }
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    let template = route_key.split_once(' ').map_or(route_key, |(_, template)| template);
    let parameters = parameters(template, path);
    if !parameters.is_empty() {
        event["pathParameters"] = json!(parameters);
    }
    event
}

/// API Gateway hands these media types on as text and everything else in Base64.
fn is_text(headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("text/plain");
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.starts_with("text/")
        || ["application/json", "application/javascript", "application/xml"]
            .contains(&essence.as_str())
}

/// The HTTP response that API Gateway makes of this payload.
pub fn response(payload: &Value) -> Result<Response, String> {
    let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default();
    let status =
        payload.get("statusCode").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    let status = status
        .and_then(|code| StatusCode::from_u16(code).ok())
        .ok_or("an answer without a status")?;
    let is_base64 = payload.get("isBase64Encoded").and_then(Value::as_bool).unwrap_or_default();
    let body = text("body").to_owned();
    let body = if is_base64 {
        STANDARD.decode(body).map_err(|error| error.to_string())?
    } else {
        body.into_bytes()
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    for (name, value) in payload.get("headers").and_then(Value::as_object).into_iter().flatten() {
        let name = HeaderName::try_from(name.as_str()).map_err(|error| error.to_string())?;
        let value = HeaderValue::try_from(value.as_str().unwrap_or_default())
            .map_err(|error| error.to_string())?;
        response.headers_mut().insert(name, value);
    }
    for cookie in payload.get("cookies").and_then(Value::as_array).into_iter().flatten() {
        let value = HeaderValue::try_from(cookie.as_str().unwrap_or_default())
            .map_err(|error| error.to_string())?;
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use rolecall_domain::clock::from_millis;
    use rolecall_http::{
        Gateway,
        gateway::{Event, Payload},
    };

    use super::*;

    fn round_trip(request: &Request) -> (Gateway, Request) {
        let event = event(request, "POST /x/{y}", "127.0.0.2", "id", from_millis(0).unwrap());
        serde_json::from_value::<Event>(event).unwrap().into_request()
    }

    #[test]
    fn a_request_survives_the_event_and_back() {
        let request = http::Request::post("/x/a%20b?c=d&c=e")
            .header("x-one", "1")
            .header("x-one", "2")
            .header("cookie", "a=b; c=d")
            .header("content-type", "application/json")
            .body(Bytes::from_static(b"{\"a\":\"\xc3\xa9\"}"))
            .unwrap();
        let (gateway, back) = round_trip(&request);
        assert_eq!(
            (gateway.source_ip.as_deref(), gateway.route.as_str()),
            (Some("127.0.0.2"), "POST /x/{y}")
        );
        assert_eq!(gateway.parameters.unwrap()["y"], "a b");
        assert_eq!(
            (back.method(), back.uri(), back.body()),
            (request.method(), request.uri(), request.body())
        );
        assert_eq!(
            (back.headers()["x-one"].as_bytes(), back.headers()["cookie"].as_bytes()),
            (&b"1,2"[..], &b"a=b; c=d"[..])
        );
    }

    #[test]
    fn bytes_that_are_no_text_survive() {
        let request = http::Request::post("/x")
            .header("content-type", "application/json")
            .body(Bytes::from_static(b"\xff\x00"))
            .unwrap();
        assert_eq!(round_trip(&request).1.body(), request.body());
    }

    #[test]
    fn an_answer_survives_too() {
        let mut given = Response::new(Bytes::from_static(b"{}"));
        *given.status_mut() = StatusCode::CREATED;
        given.headers_mut().insert("x-request-id", HeaderValue::from_static("r"));
        for cookie in ["a=b; Secure", "c=d, e"] {
            given.headers_mut().append("set-cookie", HeaderValue::from_static(cookie));
        }
        let payload = serde_json::to_value(Payload::from(given.clone())).unwrap();
        assert_eq!(payload["cookies"], json!(["a=b; Secure", "c=d, e"]));
        let plain = serde_json::to_value(Payload::from(Response::default())).unwrap();
        // `cargo lambda watch` reads no payload without each of these.
        for name in ["statusCode", "headers", "cookies", "body", "isBase64Encoded"] {
            assert!(plain.get(name).is_some(), "{name}: {plain}");
        }
        let got = response(&payload).unwrap();
        assert_eq!(
            (got.status(), got.body(), got.headers()),
            (given.status(), given.body(), given.headers())
        );
    }
}
