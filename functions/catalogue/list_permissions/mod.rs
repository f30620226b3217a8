//! `GET /api/v1/permissions`: every permission.

use http::StatusCode;
use rolecall_domain::permission::Authorization;
use rolecall_http::{
    Problem, Request, Response, extract,
    openapi::Doc,
    page::{self, PageQuery},
    response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::permission::Permission;
use crate::Context;

/// A page of permissions.
#[derive(Serialize, ToSchema)]
pub struct Permissions {
    /// By code.
    items: Vec<Permission>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of them, out of the catalogue that the gate vouches for.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let query: PageQuery = extract::query(&request)?;
    let items = authorization
        .catalogue()
        .permissions()
        .into_iter()
        .map(|one| (one.code.to_string(), Permission::from(one)));
    let (items, next_cursor) =
        page::of(&ctx, page::whose(&authorization)?, "permissions", &query, items).await?;
    response::json(StatusCode::OK, &Permissions { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "items": [super::permission::example()], "next_cursor": null });
    Doc::new("List permissions", "Every permission, active or not; all organizations share them.")
        .pages()
        .response::<Permissions>(200, "A page.", example)
}
