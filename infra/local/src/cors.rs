//! Pages of other origins, as API Gateway answers them (API Gateway developer guide, "Configuring
//! CORS for an HTTP API"); here pages of this machine may always call.

use std::{collections::BTreeSet, net::IpAddr};

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header};
use rolecall_http::openapi::Cors;

/// The rules, as values of headers.
pub(crate) struct CorsRules {
    origins: Vec<String>,
    methods: HeaderValue,
    allowed_headers: HeaderValue,
    exposed_headers: HeaderValue,
}

impl CorsRules {
    /// For these origins, and those of this machine.
    pub(crate) fn new(origins: Vec<String>) -> Self {
        let list = |names: BTreeSet<String>| {
            let names = names.into_iter().collect::<Vec<_>>().join(",");
            HeaderValue::try_from(names).unwrap_or(HeaderValue::from_static(""))
        };
        let Cors { methods, allowed_headers, exposed_headers } =
            Cors::of(&functions::routes::all());
        Self {
            origins,
            methods: list(methods),
            allowed_headers: list(allowed_headers),
            exposed_headers: list(exposed_headers),
        }
    }

    /// The origin of a request, if its pages may call.
    pub(crate) fn origin(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        let text = origin.to_str().ok()?;
        let is_allowed = self.origins.iter().any(|one| one == text) || is_of_this_machine(text);
        is_allowed.then(|| origin.clone())
    }

    /// The answer to a preflight of an allowed origin; `None` where the request is none.
    pub(crate) fn preflight(
        &self,
        method: &Method,
        headers: &HeaderMap,
        origin: &HeaderValue,
    ) -> Option<Response<Body>> {
        let is_preflight = method == Method::OPTIONS
            && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        is_preflight.then(|| {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, self.methods.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, self.allowed_headers.clone());
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
            response
        })
    }

    /// Lets the page read an answer.
    pub(crate) fn expose(&self, response: &mut Response<Body>, origin: HeaderValue) {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, self.exposed_headers.clone());
        headers.append(header::VARY, HeaderValue::from_static("origin"));
    }
}

/// `http://localhost:5173`, `http://127.0.0.1`, `http://[::1]:8080`.
pub(crate) fn is_of_this_machine(origin: &str) -> bool {
    let Some(host) = origin.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned))
    else {
        return false;
    };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_origins_of_this_machine_are_of_this_machine() {
        for origin in [
            "http://localhost:5173",
            "https://localhost",
            "http://127.0.0.1:3000",
            "http://127.8.9.1",
            "http://[::1]:8080",
            "http://app.localhost:1",
        ] {
            assert!(is_of_this_machine(origin), "{origin}");
        }
        for origin in [
            "null",
            "",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "http://evil.example",
            "http://10.0.0.1",
            "http://[::2]",
            "file://",
        ] {
            assert!(!is_of_this_machine(origin), "{origin}");
        }
    }
}
