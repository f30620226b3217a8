//! `GET /api/v1/catalogue`: every module, permission and role, with what the roles grant.

mod output;

use http::StatusCode;
use rolecall_domain::{organization::LogKey, permission::Authorization};
use rolecall_http::{Problem, Request, Response, openapi::Doc, response};

use crate::Context;
use output::CompleteCatalogue;

/// Returns it out of what the gate vouches for, or 304 to whoever has it as it is.
pub async fn handler(
    _: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let catalogue = authorization.catalogue();
    let complete = || response::json(StatusCode::OK, &CompleteCatalogue::from(catalogue.as_ref()));
    let organization = catalogue.organization().map_or("", LogKey::as_str);
    let tag = format!("{}.{}.{organization}", catalogue.version, catalogue.own_version());
    response::revalidated(&request, &tag, complete)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Get the catalogue",
        "Every module, permission and role, with what the roles grant, in one answer: what all \
            organizations share, and the own roles of the caller's.",
    )
    .revalidated::<CompleteCatalogue>("Everything.", output::example())
}
