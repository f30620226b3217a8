//! `GET /api/v1/users`: users.

mod query;

use http::StatusCode;
use rolecall_domain::{account, permission::Authorization};
use rolecall_http::{Problem, Request, Response, extract, openapi::Doc, page, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::user::{self, User};
use crate::Context;
use query::Query;

/// A page of users.
#[derive(Serialize, ToSchema)]
pub struct Users {
    /// By id. A page may be short, or empty, while there is a `next_cursor`: a request looks at a
    /// bounded number of users.
    items: Vec<User>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of those that are asked for.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let Query { page: query, filter } = extract::query(&request)?;
    let list = format!("users {filter:?}");
    let after = page::behind(&ctx, &authorization, &list, &query).await?;
    let (people, next) =
        account::users(&ctx.ports, &authorization, &filter, after, query.limit).await?;
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
        .pages()
        .query("email", "Exactly this email address.")
        .query("username", "Exactly this username.")
        .query(
            "employee_id",
            "Exactly this employee id, in the given organization or the caller's.",
        )
        .query("name", "The beginning of the username or of a name; case does not matter.")
        .query("status", "The account status; deleted accounts are shown only when asked for.")
        .query("role", "A role that the user has.")
        .query("organization", "The organization that the user belongs to.")
        .response::<Users>(
            200,
            "A page.",
            json!({ "items": [user::example()], "next_cursor": null }),
        )
}
