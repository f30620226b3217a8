//! `GET /api/v1/me/modules`: what the caller has now.

use http::StatusCode;
use rolecall_domain::{
    permission::{self, CheckSubject},
    session::Caller,
};
use rolecall_http::{
    Problem, Response, WithQuery,
    openapi::Doc,
    page::{self, PageQuery},
    response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::Context;

/// A module that the caller has.
#[derive(Serialize, ToSchema)]
pub struct MyModule {
    /// Unique code.
    code: String,
    /// Display name.
    name: String,
    /// The name of an icon for clients to show.
    icon: Option<String>,
    /// The role that grants it.
    role: String,
}

/// A page of results.
#[derive(Serialize, ToSchema)]
pub struct MyModules {
    /// Sorted by order and name.
    items: Vec<MyModule>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of what the caller has in the active organization, out of what the gate read.
pub async fn handler(
    ctx: Context,
    caller: Caller,
    WithQuery(query): WithQuery<PageQuery>,
) -> Result<Response, Problem> {
    let checked = permission::check(&ctx.ports, &caller, &CheckSubject::default()).await?;
    let everything = permission::everything(&checked);
    let items = everything.modules.iter().enumerate().map(|(place, (one, role))| {
        let mine = MyModule {
            code: one.code.to_string(),
            name: one.name.as_str().to_owned(),
            icon: one.icon.as_ref().map(|icon| icon.as_str().to_owned()),
            role: role.code.to_string(),
        };
        (format!("{place:05}"), mine)
    });
    let (items, next_cursor) = page::of(&ctx, &caller, "my modules", &query, items).await?;
    response::json(StatusCode::OK, &MyModules { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "items": [{ "code": "PID", "name": "Piping", "icon": null,
        "role": "engineer" }], "next_cursor": null });
    Doc::new("List my modules", "Everything that the caller has now, with the role that grants it.")
        .pages::<PageQuery>()
        .response::<MyModules>(200, "A page.", example)
        .errors(&[rolecall_http::ErrorCode::Forbidden, rolecall_http::ErrorCode::NotFound])
}
