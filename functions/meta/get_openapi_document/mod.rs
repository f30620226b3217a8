//! `GET /openapi.json`: this document.

use http::StatusCode;
use rolecall_http::{Problem, Request, Response, openapi::Doc, response};
use serde_json::json;
use utoipa::ToSchema;

/// An OpenAPI 3.1 document.
#[derive(ToSchema)]
#[schema(as = OpenApiDocument, value_type = Object)]
pub struct Document(
    #[expect(dead_code, reason = "the document is a file; this names its schema")]
    serde_json::Value,
);

/// Returns the generated document.
pub fn handler(_: &Request) -> Result<Response, Problem> {
    response::public(response::raw_json(StatusCode::OK, super::OPENAPI), 300)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Get the OpenAPI document",
        "Generated from the types that the handlers read and return.",
    )
    .response::<Document>(200, "The document.", json!({ "openapi": "3.1.0" }))
}
