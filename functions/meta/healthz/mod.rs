//! `GET /healthz`: whether the function runs.

use http::StatusCode;
use rolecall_http::{Problem, Request, Response, openapi::Doc, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// Health.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    #[schema(pattern = "^ok$")]
    status: &'static str,
}

/// Returns without asking the store: a health check must not cost units while nobody signs in.
pub fn handler(_: &Request) -> Result<Response, Problem> {
    response::json(StatusCode::OK, &Health { status: "ok" })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get the health", "Answers without reading the database.").response::<Health>(
        200,
        "The service is up.",
        json!({ "status": "ok" }),
    )
}
