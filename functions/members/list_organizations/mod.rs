//! `GET /api/v1/organizations`: organizations.

use http::StatusCode;
use rolecall_domain::{organization, permission::Authorization};
use rolecall_http::{
    Problem, Request, Response, extract,
    openapi::Doc,
    page::{self, PageQuery},
    response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::organization::{Organization, example};
use crate::Context;

/// A page of organizations.
#[derive(Serialize, ToSchema)]
pub struct Organizations {
    /// By code, whatever its case.
    items: Vec<Organization>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

const LIST: &str = "organizations";

/// Returns the caller's own, and to super admins all of them.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let query: PageQuery = extract::query(&request)?;
    let after = page::position(&ctx, &authorization, LIST, &query).await?;
    let mut found =
        organization::organizations(&ctx.ports, &authorization, after.as_deref(), query.limit + 1)
            .await?;
    let is_cut = found.len() > query.limit;
    found.truncate(query.limit);
    let position = found.last().filter(|_| is_cut).map(|last| last.code.to_string());
    let next_cursor = page::next(&ctx, &authorization, LIST, position).await?;
    response::json(
        StatusCode::OK,
        &Organizations { items: found.iter().map(Organization::from).collect(), next_cursor },
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "List organizations",
        "The caller's organizations; super admins see all.",
    )
    .pages()
    .response::<Organizations>(
        200,
        "A page.",
        json!({ "items": [example()], "next_cursor": null }),
    )
}
