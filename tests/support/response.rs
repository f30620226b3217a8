use reqwest::header::HeaderMap;
use serde_json::Value;

use super::Json;

/// An answer, read whole and held against the OpenAPI document.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Response {
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// A text of the body.
    #[track_caller]
    pub(crate) fn text_of(&self, place: &str) -> String {
        self.json().text_of(place).to_owned()
    }

    /// What is on a page of a list.
    #[track_caller]
    pub(crate) fn items(&self) -> Vec<Value> {
        self.json().items().clone()
    }

    /// What a caller can tell two answers apart by: status, body without the request id, header
    /// names.
    pub(crate) fn seen(&self) -> (u16, String, Vec<String>) {
        let mut names: Vec<String> = self.headers.keys().map(ToString::to_string).collect();
        names.sort();
        let text = self.text.replace(self.header("x-request-id"), "");
        (self.status, text, names)
    }

    /// Asserts the status; the whole answer is shown when it is another.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Asserts a problem.
    #[track_caller]
    pub(crate) fn expect_problem(self, status: u16, code: &str) -> Self {
        let response = self.expect(status);
        assert_eq!(response.text_of("code"), code, "{response:?}");
        response
    }

    /// The wrong fields with their codes, `field: code`.
    pub(crate) fn wrong_fields(&self) -> Vec<String> {
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        errors
            .iter()
            .map(|error| format!("{}: {}", error.text_of("field"), error.text_of("code")))
            .collect()
    }
}
