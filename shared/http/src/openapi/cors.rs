//! What browsers are to be told of the routes (Fetch standard, "CORS protocol").

use std::collections::BTreeSet;

use http::Method;
use serde_json::Value;

use super::{HEADERS, document::document};
use crate::route::Endpoint;

/// Methods and headers that a page of another origin may send, and headers that it may read: what
/// the document says of all routes together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cors {
    pub methods: BTreeSet<String>,
    pub allowed_headers: BTreeSet<String>,
    pub exposed_headers: BTreeSet<String>,
}

impl Cors {
    /// Of these routes.
    #[must_use]
    pub fn of<S, C>(endpoints: &[Endpoint<S, C>]) -> Self {
        let document = document(endpoints, "");
        let operations = || {
            let paths = document["paths"].as_object().into_iter().flat_map(|paths| paths.values());
            paths.flat_map(|methods| methods.as_object().into_iter().flat_map(|all| all.values()))
        };
        let parameters = operations()
            .flat_map(|operation| operation["parameters"].as_array().into_iter().flatten())
            .filter(|parameter| parameter["in"] == "header")
            .filter_map(|parameter| parameter["name"].as_str());
        let has = |name: &str, header: &'static str| {
            let is_there = |operation: &Value| match &operation[name] {
                Value::Array(list) => !list.is_empty(),
                value => !value.is_null(),
            };
            operations().any(is_there).then_some(header)
        };
        let implied = [has("security", "authorization"), has("requestBody", "content-type")];
        let lower = |name: &str| name.to_ascii_lowercase();
        Self {
            methods: endpoints
                .iter()
                .map(|endpoint| endpoint.method.to_string())
                .chain([Method::HEAD.to_string()])
                .collect(),
            allowed_headers: parameters.chain(implied.into_iter().flatten()).map(lower).collect(),
            exposed_headers: HEADERS.iter().map(|(name, ..)| lower(name)).collect(),
        }
    }
}
