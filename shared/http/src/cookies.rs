//! Cookie mode: a page of the API's own origin signs in, and no script ever sees a token (RFC 10017
//! "OAuth 2.0 for Browser-Based Applications" §6.1, without a proxy).
//!
//! A cookie counts with the header `Rolecall-Browser: 1` alone, which no page of another origin can
//! send: it is never an allowed CORS header, and forms send none. `Sec-Fetch-Site`, which no page
//! can write, must not say that the request comes from elsewhere.

use http::{HeaderMap, HeaderValue, Uri, header, uri::Scheme};

use crate::{Problem, Request, Response, headers::cookies};

const BROWSER: &str = "rolecall-browser";
/// Fetch Metadata: where a request comes from, as the browser itself says it.
const FETCH_SITE: &str = "sec-fetch-site";

/// Where refresh and device cookies are read.
const AUTH: &str = "/api/v1/auth";

/// A cookie of cookie mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    Access,
    Refresh,
    /// That this browser signed in before; it outlives a sign-out.
    Device,
}

impl Cookie {
    /// Where it is sent. The prefix that binds a cookie to its host asks for `/`; without TLS there
    /// is none, and what only `/auth` reads is sent there alone.
    fn path(self, issuer: &str) -> &'static str {
        if self == Self::Access || plain_port(issuer).is_none() { "/" } else { AUTH }
    }

    /// Its name for a stack of this issuer. The prefix has the browser refuse one that a script, a
    /// sibling domain or plain http set (RFC 6265bis §4.1.3): `__Http-` alone would let a sibling
    /// domain sign somebody in. At a loopback address without TLS there is none, and ports do not
    /// separate cookies: the port is in the name.
    fn name(self, issuer: &str) -> String {
        match (plain_port(issuer), self) {
            (Some(port), Self::Access) => format!("rolecall-{port}"),
            (Some(port), Self::Refresh) => format!("rolecall-refresh-{port}"),
            (Some(port), Self::Device) => format!("rolecall-device-{port}"),
            (None, Self::Access) => "__Host-Http-rolecall".to_owned(),
            (None, Self::Refresh) => "__Host-Http-rolecall-refresh".to_owned(),
            (None, Self::Device) => "__Host-Http-rolecall-device".to_owned(),
        }
    }

    /// Its value in the request of a page of this stack; `None` from elsewhere, and where it comes
    /// twice.
    #[must_use]
    pub fn read<'a>(self, issuer: &str, request: &'a Request) -> Option<&'a str> {
        if !matches!(is_cookie_mode(request.headers()), Ok(true)) {
            return None;
        }
        let name = self.name(issuer);
        let mut values =
            cookies(request.headers()).filter_map(|(key, value)| (key == name).then_some(value));
        let value = values.next().filter(|value| !value.is_empty())?;
        values.next().is_none().then_some(value)
    }

    /// Has the browser keep it for so many seconds; none, and it forgets it.
    pub fn set(self, issuer: &str, response: &mut Response, value: &str, seconds: i64) {
        let secure = if plain_port(issuer).is_some() { "" } else { "Secure; " };
        let (name, path) = (self.name(issuer), self.path(issuer));
        let cookie = format!(
            "{name}={value}; Path={path}; Max-Age={seconds}; {secure}HttpOnly; SameSite=Strict"
        );
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
}

/// The port of an issuer without TLS: the settings take one of this machine alone.
fn plain_port(issuer: &str) -> Option<u16> {
    let uri = issuer.parse::<Uri>().ok().filter(|uri| uri.scheme() == Some(&Scheme::HTTP))?;
    Some(uri.port_u16().unwrap_or(80))
}

/// Whether a page of this origin asks for cookies in the place of tokens. A request that says so
/// and comes from elsewhere is `unauthenticated`.
pub fn is_cookie_mode(headers: &HeaderMap) -> Result<bool, Problem> {
    let mut given = headers.get_all(BROWSER).iter();
    let Some(given) = given.next().map(|first| (first, given.next())) else {
        return Ok(false);
    };
    let is_one = given.0 == "1" && given.1.is_none();
    let is_own = headers.get_all(FETCH_SITE).iter().all(|site| site == "same-origin");
    if is_one && is_own { Ok(true) } else { Err(Problem::unauthenticated()) }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    const AWS: &str = "https://id.example.com";
    const LOCAL: &str = "http://127.0.0.1:3000";

    fn request(headers: &[(&str, &str)]) -> Request {
        let mut request = http::Request::post("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Bytes::new()).unwrap()
    }

    #[test]
    fn a_cookie_counts_with_the_header_of_a_page_of_this_origin_alone() {
        let cookie = ("cookie", "a=b; __Host-Http-rolecall=token; c=d");
        let own = ("rolecall-browser", "1");
        let read = |headers: &[(&str, &str)]| {
            Cookie::Access.read(AWS, &request(headers)).map(str::to_owned)
        };
        let token = Some("token".to_owned());
        assert_eq!(read(&[cookie, own]), token);
        assert_eq!(read(&[cookie, own, ("sec-fetch-site", "same-origin")]), token);
        for elsewhere in ["cross-site", "same-site", "none", "", "same-origin,cross-site"] {
            assert_eq!(read(&[cookie, own, ("sec-fetch-site", elsewhere)]), None, "{elsewhere}");
        }
        for other in ["0", "true", "", "1,1"] {
            assert_eq!(read(&[cookie, ("rolecall-browser", other)]), None, "{other}");
        }
        assert_eq!(read(&[cookie, own, own]), None);
        assert_eq!(read(&[cookie]), None);
        assert_eq!(read(&[own, cookie, ("cookie", "__Host-Http-rolecall=other")]), None);
        assert_eq!(read(&[own, ("cookie", "rolecall=token")]), None);
        assert_eq!(read(&[own, ("cookie", "__Host-Http-rolecall=")]), None);
    }

    #[test]
    fn cookies_are_bound_to_their_host_unless_the_stack_is_a_local_one_without_tls() {
        let set = |cookie: Cookie, issuer: &str| {
            let mut response = Response::default();
            cookie.set(issuer, &mut response, "v", 9);
            response.headers()["set-cookie"].to_str().unwrap().to_owned()
        };
        assert_eq!(
            set(Cookie::Access, AWS),
            "__Host-Http-rolecall=v; Path=/; Max-Age=9; Secure; HttpOnly; SameSite=Strict"
        );
        assert_eq!(
            set(Cookie::Refresh, AWS),
            "__Host-Http-rolecall-refresh=v; Path=/; Max-Age=9; Secure; HttpOnly; SameSite=Strict"
        );
        assert_eq!(
            set(Cookie::Device, LOCAL),
            "rolecall-device-3000=v; Path=/api/v1/auth; Max-Age=9; HttpOnly; SameSite=Strict"
        );
        assert!(set(Cookie::Access, "http://localhost").starts_with("rolecall-80="));
        assert!(set(Cookie::Access, "https://127.0.0.1:3000").contains("Secure"));
    }
}
