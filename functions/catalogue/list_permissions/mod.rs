//! `GET /api/v1/permissions`: every permission.

use http::StatusCode;
use rolecall_domain::permission::{Authorization, PermissionFields};
use rolecall_http::{Problem, Response, WithQuery, openapi::Doc, page::PageQuery, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::permission::Permission;
use crate::{
    Context,
    resource::{self, InJson},
};

/// A page of permissions.
#[derive(Serialize, ToSchema)]
pub struct Permissions {
    /// Sorted by code.
    items: Vec<Permission>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of them, out of the catalogue that the gate vouches for.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<PageQuery>,
) -> Result<Response, Problem> {
    let (items, next_cursor) =
        resource::list::<PermissionFields>(&ctx, &authorization, PermissionFields::LIST, &query)
            .await?;
    response::json(StatusCode::OK, &Permissions { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "items": [PermissionFields::example()], "next_cursor": null });
    Doc::new("List permissions", "Every permission, active or not; all organizations share them.")
        .pages::<PageQuery>()
        .response::<Permissions>(200, "A page.", example)
}
