//! The pages for people: files that were embedded when this was built, and nothing else. What a
//! page does, it does over HTTP, like any other client.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, headers::preferences, language, response,
};

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The routes of this one function. Whatever has one segment and is no other route comes here, too:
/// who looks for what is not there has a page that says so, and costs no write.
pub const ROUTES: [&str; 5] =
    ["/", "/assets/{build}/{file}", "/console/{view}", "/console/{view}/{id}", "/{page}"];

/// One more route where a host takes it. No route key of API Gateway ends with a slash: there
/// `$default` hands it over.
pub const CONSOLE: &str = "/console/";

/// Where the pages are.
pub const PATHS: [&str; 14] = [
    "/",
    "/accept-invitation",
    "/account",
    "/confirm-email-change",
    "/console",
    "/email-change-undo",
    "/forgot-password",
    "/reset-password",
    "/setup",
    "/sign-in",
    "/sign-up",
    "/undo-email-change",
    "/unlock",
    "/verify-email",
];

/// An embedded file.
struct File {
    plain: &'static [u8],
    gzip: &'static [u8],
    /// A hash of its content.
    etag: &'static str,
    media_type: &'static str,
}

/// What a browser is told about every page (Content Security Policy Level 3, Trusted Types, Fetch
/// Metadata's companions): it runs and asks nothing of any other origin, and nobody frames it.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The style sheet of all pages, for those that another program makes.
#[must_use]
pub fn style_sheet() -> &'static str {
    let sheet = ASSETS.iter().find(|(name, _)| *name == "style.css");
    sheet.and_then(|(_, file)| std::str::from_utf8(file.plain).ok()).unwrap_or_default()
}

/// Returns a page, or one of the files that it is made of.
pub fn handler(request: &Request) -> Result<Response, Problem> {
    let path = request.uri().path();
    let response = match path {
        "/" => Ok(redirect("/account")),
        "/account" => document(request, "account"),
        "/console" => document(request, "console"),
        _ if path.starts_with("/console/") => document(request, "console"),
        _ => match path.strip_prefix("/assets/") {
            Some(asset) => self::asset(request, asset),
            None if PATHS.contains(&path) => document(request, "entry"),
            None => no_page(request),
        },
    };
    let mut response = response?;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// A page that says so for whoever reads pages, and a problem for everybody else.
fn no_page(request: &Request) -> Result<Response, Problem> {
    let mut accepted = request.headers().get_all(header::ACCEPT).iter();
    if !accepted.any(|value| value.to_str().is_ok_and(|text| text.contains("text/html"))) {
        return Err(Problem::new(ErrorCode::NotFound, "No route has this path."));
    }
    let mut response = document(request, "entry")?;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().remove(header::ETAG);
    Ok(response)
}

fn redirect(to: &'static str) -> Response {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static(to));
    response
}

/// A document in the reader's language, asked about anew each time.
fn document(request: &Request, shell: &str) -> Result<Response, Problem> {
    let language = language::preferred(request.headers()).unwrap_or_default().as_str();
    let mut all = DOCUMENTS.iter();
    let (.., file) = all
        .find(|(name, offered, _)| *name == shell && *offered == language)
        .ok_or_else(|| Problem::bug(format!("{shell} is not in {language}")))?;
    let (etag, is_gzip) = file.tag(request.headers());
    let mut response = response::revalidated(request, &etag, || Ok(file.response(is_gzip)))?;
    vary(&mut response, "Accept-Encoding, Accept-Language, Cookie");
    Ok(response)
}

/// `BUILD/NAME`: it never changes. One of another build is not here.
fn asset(request: &Request, path: &str) -> Result<Response, Problem> {
    let name = path.strip_prefix(BUILD).and_then(|rest| rest.strip_prefix('/'));
    let found = ASSETS.iter().find(|(known, _)| Some(*known) == name);
    let (_, file) =
        found.ok_or_else(|| Problem::new(ErrorCode::NotFound, "No page has this file."))?;
    let mut response = file.response(takes_gzip(request.headers()));
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, forever);
    vary(&mut response, "Accept-Encoding");
    Ok(response)
}

fn vary(response: &mut Response, on: &'static str) {
    response.headers_mut().insert(header::VARY, HeaderValue::from_static(on));
}

impl File {
    /// Its entity tag, and whether it goes out compressed: two encodings are two representations.
    fn tag(&self, headers: &HeaderMap) -> (String, bool) {
        if takes_gzip(headers) {
            (format!("{}-gzip", self.etag), true)
        } else {
            (self.etag.to_owned(), false)
        }
    }

    fn response(&self, is_gzip: bool) -> Response {
        let mut response =
            Response::new(Bytes::from_static(if is_gzip { self.gzip } else { self.plain }));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        if is_gzip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

/// Whether `Accept-Encoding` names gzip, and does not refuse it (RFC 9110 §12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let codings = preferences(headers, &header::ACCEPT_ENCODING);
    codings.iter().any(|coding| coding.eq_ignore_ascii_case("gzip"))
}

#[cfg(test)]
mod tests;
