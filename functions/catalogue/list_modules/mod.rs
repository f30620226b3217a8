//! `GET /api/v1/modules`: every module.

use http::StatusCode;
use rolecall_domain::permission::{Authorization, ModuleFields};
use rolecall_http::{Problem, Response, WithQuery, openapi::Doc, page::PageQuery, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::module::Module;
use crate::{
    Context,
    resource::{self, InJson},
};

/// A page of modules.
#[derive(Serialize, ToSchema)]
pub struct Modules {
    /// Sorted by order and name.
    items: Vec<Module>,
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
        resource::list::<ModuleFields>(&ctx, &authorization, ModuleFields::LIST, &query).await?;
    response::json(StatusCode::OK, &Modules { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "items": [ModuleFields::example()], "next_cursor": null });
    Doc::new("List modules", "Every module, active or not; all organizations share them.")
        .pages::<PageQuery>()
        .response::<Modules>(200, "A page.", example)
}
