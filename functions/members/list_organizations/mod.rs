//! `GET /api/v1/organizations`: organizations.

use http::StatusCode;
use rolecall_domain::{organization::OrganizationFields, permission::Authorization};
use rolecall_http::{Problem, Response, WithQuery, openapi::Doc, page::PageQuery, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::organization::Organization;
use crate::{
    Context,
    resource::{self, InJson},
};

/// A page of organizations.
#[derive(Serialize, ToSchema)]
pub struct Organizations {
    /// Sorted by code, whatever its case.
    items: Vec<Organization>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns the caller's own, and to super admins all of them.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<PageQuery>,
) -> Result<Response, Problem> {
    let (items, next_cursor) = resource::list::<OrganizationFields>(
        &ctx,
        &authorization,
        OrganizationFields::LIST,
        &query,
    )
    .await?;
    response::json(StatusCode::OK, &Organizations { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("List organizations", "The caller's organizations; super admins see all.")
        .pages::<PageQuery>()
        .response::<Organizations>(
            200,
            "A page.",
            json!({ "items": [OrganizationFields::example()], "next_cursor": null }),
        )
}
