//! `GET /api/v1/users`: users.

mod query;

use http::StatusCode;
use rolecall_domain::{account, permission::Authorization};
use rolecall_http::{Problem, Response, WithQuery, openapi::Doc, page, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::user::{self, User};
use crate::Context;
use query::Query;

/// A page of users.
#[derive(Serialize, ToSchema)]
pub struct Users {
    /// Sorted by id. A page can be short or empty although there is a `next_cursor`: each request
    /// examines a bounded number of users.
    items: Vec<User>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of those that are asked for.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    let (query, filter) = query.split();
    let list = format!("users {filter:?}");
    let after = page::behind(&ctx, &authorization, &list, &query).await?;
    let (people, next) =
        account::users(&ctx.ports, &authorization, &filter, after, query.limit()).await?;
    let next_cursor =
        page::next(&ctx, &authorization, &list, next.map(|id| id.to_string())).await?;
    response::json(
        StatusCode::OK,
        &Users { items: people.iter().map(User::from).collect(), next_cursor },
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("List users", "Users of the caller's organization; super admins see all users.")
        .pages::<Query>()
        .response::<Users>(
            200,
            "A page.",
            json!({ "items": [user::example()], "next_cursor": null }),
        )
}
