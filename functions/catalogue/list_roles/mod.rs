//! `GET /api/v1/roles`: every role.

use http::StatusCode;
use rolecall_domain::{permission::Authorization, role::RoleFields};
use rolecall_http::{Problem, Response, WithQuery, openapi::Doc, page::PageQuery, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::role::Role;
use crate::{
    Context,
    resource::{self, InJson},
};

/// A page of roles.
#[derive(Serialize, ToSchema)]
pub struct Roles {
    /// Sorted by code.
    items: Vec<Role>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of them, out of the catalogue that the gate vouches for.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<PageQuery>,
) -> Result<Response, Problem> {
    let (items, next_cursor) = resource::list::<RoleFields>(&ctx, &authorization, &query).await?;
    response::json(StatusCode::OK, &Roles { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "items": [RoleFields::example()], "next_cursor": null });
    Doc::new("List roles", "Every role, active or not; all organizations share them.")
        .pages::<PageQuery>()
        .response::<Roles>(200, "A page.", example)
}
