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
    /// Sorted by name, whatever its case; those that `q` finds by something else than the beginning
    /// of their name come behind the others, and with `inactive_since` the longest away come first.
    /// With several filters a page can be short or empty although there is a `next_cursor`.
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
    let items = items.iter().map(ListedUser::bare).collect();
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
