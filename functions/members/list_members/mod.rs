//! `GET /api/v1/organizations/{code}/members`: who belongs to an organization.

use http::StatusCode;
use rolecall_domain::permission::Authorization;
use rolecall_http::{ErrorCode, Problem, Response, WithQuery, openapi::Doc, page::Page, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    member::{self, Member},
    member_page::{self, Query},
};
use crate::Context;

/// A page of members.
#[derive(Serialize, ToSchema)]
pub struct Members {
    /// Sorted by name, whatever its case; those that `q` finds by something else than the beginning
    /// of their name come behind the others. With several filters a page can be short or
    /// empty although there is a `next_cursor`.
    items: Vec<Member>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of them.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    let Page { items, next_cursor, .. } = member_page::members(&ctx, &authorization, query).await?;
    response::json(StatusCode::OK, &Members { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("List members", "Who belongs to the organization, whatever the status.")
        .pages::<Query>()
        .response::<Members>(
            200,
            "A page.",
            json!({ "items": [member::example()], "next_cursor": null }),
        )
        .errors(&[ErrorCode::NotFound])
}
