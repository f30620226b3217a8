//! `GET /api/v1/users`: users.

use http::StatusCode;
use rolecall_domain::permission::Authorization;
use rolecall_http::{Problem, Response, WithQuery, openapi::Doc, page::Page, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    listed_user::{self, ListedUser},
    user_page::{self, Query},
};
use crate::Context;

/// A page of users.
#[derive(Serialize, ToSchema)]
pub struct Users {
    /// Sorted by id. A page can be short or empty although there is a `next_cursor`: each request
    /// examines a bounded number of users.
    items: Vec<ListedUser>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of those that are asked for.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    let Page { items, next_cursor, .. } = user_page::users(&ctx, &authorization, query).await?;
    response::json(StatusCode::OK, &Users { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("List users", "Users of the caller's organization; super admins see all users.")
        .pages::<Query>()
        .response::<Users>(
            200,
            "A page.",
            json!({ "items": [listed_user::example()], "next_cursor": null }),
        )
}
