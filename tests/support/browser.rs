use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Body, Call, PASSWORD, Response, TestApp};

/// What a browser keeps of one cookie.
#[derive(Debug, Clone)]
struct Kept {
    value: String,
    path: String,
}

/// A browser on a page of the stack's own origin: it keeps cookies as RFC 6265 says, and no script
/// sees them.
pub(crate) struct Browser<'a> {
    app: &'a TestApp,
    jar: BTreeMap<String, Kept>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(app: &'a TestApp) -> Self {
        Self { app, jar: BTreeMap::new() }
    }

    /// Signed in as `name`.
    pub(crate) async fn signed_in(app: &'a TestApp, name: &str) -> Self {
        let mut browser = Self::new(app);
        browser.sign_in(name).await;
        browser
    }

    /// What signing in answers to the page.
    pub(crate) async fn sign_in(&mut self, name: &str) -> Value {
        let body = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
        self.send(Method::POST, "/auth/token", body).await.expect(200).json()
    }

    /// What its page asks, with the answer's cookies kept.
    pub(crate) async fn send(&mut self, method: Method, path: &str, body: impl Body) -> Response {
        let response = self.page(method, path).json(body).await;
        self.keep(&response);
        response
    }

    /// A call of a page of this origin.
    pub(crate) fn page(&self, method: Method, path: &str) -> Call {
        let call = self.sent(method, path).header("Rolecall-Browser", "1");
        call.header("Sec-Fetch-Site", "same-origin")
    }

    /// What the browser sends to this path whoever asks it to: its cookies.
    pub(crate) fn sent(&self, method: Method, path: &str) -> Call {
        let call = self.app.request(method, path);
        let cookies = self.cookies(&format!("/api/v1{path}"));
        if cookies.is_empty() { call } else { call.header("Cookie", cookies) }
    }

    /// The value of the `Cookie` header for this path.
    pub(crate) fn cookies(&self, path: &str) -> String {
        let covers = |kept: &Kept| {
            let rest = path.strip_prefix(kept.path.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let sent = self.jar.iter().filter(|(_, kept)| covers(kept));
        sent.map(|(name, kept)| format!("{name}={}", kept.value)).collect::<Vec<_>>().join("; ")
    }

    /// The names of all that it keeps.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.jar.keys().map(String::as_str).collect()
    }

    /// The values of all that it keeps.
    pub(crate) fn values(&self) -> Vec<String> {
        self.jar.values().map(|kept| kept.value.clone()).collect()
    }

    /// Throws the access token's away, as a browser does at the end of its `Max-Age`.
    pub(crate) fn forget_access(&mut self) {
        self.jar.retain(|name, _| name.contains("refresh") || name.contains("device"));
    }

    /// Throws the refresh token's away, as a browser does that has too many cookies.
    pub(crate) fn forget_refresh(&mut self) {
        self.jar.retain(|name, _| !name.contains("refresh"));
    }

    fn keep(&mut self, response: &Response) {
        for cookie in response.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (pair, attributes) = cookie.split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let attribute = |name: &str| {
                let mut all = attributes.split("; ").filter_map(|one| one.split_once('='));
                all.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
            };
            assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Strict"));
            if attribute("Max-Age").unwrap() == "0" {
                self.jar.remove(name);
            } else {
                let path = attribute("Path").unwrap();
                self.jar.insert(name.to_owned(), Kept { value: value.to_owned(), path });
            }
        }
    }
}
