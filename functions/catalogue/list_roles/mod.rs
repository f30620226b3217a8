//! `GET /api/v1/roles`: every role.

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

use super::role::Role;
use crate::Context;

/// A page of roles.
#[derive(Serialize, ToSchema)]
pub struct Roles {
    /// By code.
    items: Vec<Role>,
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
    let items =
        authorization.catalogue().roles().iter().map(|one| (one.code.to_string(), Role::from(one)));
    let (items, next_cursor) =
        page::of(&ctx, page::whose(&authorization)?, "roles", &query, items).await?;
    response::json(StatusCode::OK, &Roles { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "items": [super::role::example()], "next_cursor": null });
    Doc::new("List roles", "Every role, active or not; all organizations share them.")
        .pages()
        .response::<Roles>(200, "A page.", example)
}
