use std::sync::{Arc, Mutex};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use super::{Call, Response, contract, deployed::Deployed, logs};

/// A path is below `/api/v1`, unless it begins with one of these or is a whole URL.
const WHOLE_PATHS: [&str; 5] = ["/api/", "/_local/", "/.well-known/", "/openapi.json", "/healthz"];

/// The way that every request of a test takes to its stack: each answer is held against the
/// OpenAPI document.
///
/// When the last of those who use it goes, it looks for each secret that went over it in
/// everything that was logged.
pub(crate) struct Wire {
    url: String,
    pub(super) client: Client,
    deployed: Option<Arc<Deployed>>,
    secrets: Mutex<Vec<String>>,
    /// How much there was in the log before it.
    log_start: usize,
}

impl Wire {
    pub(super) fn new(url: String, deployed: Option<Arc<Deployed>>, log_start: usize) -> Arc<Self> {
        let (client, secrets) = (Client::new(), Mutex::default());
        Arc::new(Self { url, client, deployed, secrets, log_start })
    }

    /// The URL of a path as it is.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// A request, by the rule of [`WHOLE_PATHS`].
    pub(super) fn request(self: &Arc<Self>, method: Method, path: &str) -> Call {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else if WHOLE_PATHS.iter().any(|start| path.starts_with(start)) {
            self.url(path)
        } else {
            assert!(path.starts_with('/'), "a path begins with a slash: {path}");
            self.url(&format!("/api/v1{path}"))
        };
        Call::new(Arc::clone(self), self.client.request(method, url))
    }

    /// Sends, and holds the answer against the document.
    pub(super) async fn send(&self, client: &Client, request: RequestBuilder) -> Response {
        let mut request = request.build().unwrap();
        let (method, path) = (request.method().to_string(), request.url().path().to_owned());
        self.note_request(&request);
        let path = match &self.deployed {
            None => path,
            Some(deployed) => deployed.tell(&mut request),
        };
        let mut response = Response::read(client.execute(request).await.unwrap()).await;
        if let Some(deployed) = &self.deployed {
            deployed.meet(&response.text);
            response.text = deployed.heard(&response.text);
        }
        if !path.starts_with("/_local/") {
            contract::check(&method, &path, &response);
        }
        if let Ok(body) = serde_json::from_str(&response.text) {
            self.note_secrets(&body);
        }
        response
    }

    pub(super) fn note(&self, secret: &str) {
        // The beginning of a long one will do: whoever logs it logs that.
        let secret: String = secret.chars().take(256).collect();
        if secret.len() >= 8 {
            self.secrets.lock().unwrap().push(secret);
        }
    }

    fn note_request(&self, request: &reqwest::Request) {
        if let Some(value) =
            request.headers().get("authorization").and_then(|value| value.to_str().ok())
        {
            self.note(value.trim_start_matches("Bearer "));
        }
        let body = request
            .body()
            .and_then(reqwest::Body::as_bytes)
            .and_then(|bytes| serde_json::from_slice(bytes).ok());
        if let Some(body) = body {
            self.note_secrets(&body);
        }
    }

    fn note_secrets(&self, body: &Value) {
        for name in [
            "password",
            "new_password",
            "current_password",
            "token",
            "access",
            "refresh",
            "device",
            "key",
        ] {
            if let Some(secret) = body[name].as_str() {
                self.note(secret);
            }
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let log = logs::since(self.log_start);
        for secret in self.secrets.lock().unwrap().iter() {
            assert!(!log.contains(secret.as_str()), "a secret was logged: {secret}");
        }
        assert!(!log.contains("$argon2"), "a hash was logged");
    }
}
