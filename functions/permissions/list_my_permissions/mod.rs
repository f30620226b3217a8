//! `GET /api/v1/me/permissions`: what the caller has now.

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

/// A permission that the caller has.
#[derive(Serialize, ToSchema)]
pub struct MyPermission {
    /// Unique code.
    code: String,
    /// The module's code.
    module: String,
    /// Display name.
    name: String,
    /// The kind of action.
    action: String,
    /// The role that grants it.
    role: String,
}

/// A page of results.
#[derive(Serialize, ToSchema)]
pub struct MyPermissions {
    /// Sorted by code.
    items: Vec<MyPermission>,
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
    let items = everything.permissions.iter().map(|(one, role)| {
        let mine = MyPermission {
            code: one.code.to_string(),
            module: one.module.to_string(),
            name: one.name.as_str().to_owned(),
            action: one.action.to_string(),
            role: role.code.to_string(),
        };
        (one.code.to_string(), mine)
    });
    let (items, next_cursor) = page::of(&ctx, &caller, "my permissions", &query, items).await?;
    response::json(StatusCode::OK, &MyPermissions { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "items": [{ "code": "pid.create", "module": "PID",
        "name": "Create diagrams", "action": "create", "role": "engineer" }],
        "next_cursor": null });
    Doc::new(
        "List my permissions",
        "Everything that the caller has now, with the role that grants it.",
    )
    .pages::<PageQuery>()
    .response::<MyPermissions>(200, "A page.", example)
    .errors(&[rolecall_http::ErrorCode::Forbidden, rolecall_http::ErrorCode::NotFound])
}
