//! `GET /api/v1/modules`: every module.

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

use super::module::Module;
use crate::Context;

/// A page of modules.
#[derive(Serialize, ToSchema)]
pub struct Modules {
    /// By order and name.
    items: Vec<Module>,
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
    let items = authorization.catalogue().modules().into_iter();
    let key = |one: &rolecall_domain::permission::Module| {
        // No name holds a NUL, so that keys sort as the list does.
        format!(
            "{:010}\0{}\0{}",
            i64::from(one.order) - i64::from(i32::MIN),
            one.name.as_str(),
            one.code
        )
    };
    let items = items.map(|one| (key(one), Module::from(one)));
    let (items, next_cursor) =
        page::of(&ctx, page::whose(&authorization)?, "modules", &query, items).await?;
    response::json(StatusCode::OK, &Modules { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "items": [super::module::example()], "next_cursor": null });
    Doc::new("List modules", "Every module, active or not; all organizations share them.")
        .pages()
        .response::<Modules>(200, "A page.", example)
}
