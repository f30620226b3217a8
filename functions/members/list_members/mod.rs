//! `GET /api/v1/organizations/{code}/members`: who belongs to an organization.

use http::StatusCode;
use rolecall_domain::{organization, permission::Authorization};
use rolecall_http::{
    ErrorCode, Problem, Response, WithQuery,
    openapi::Doc,
    page::{self, PageQuery},
    response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::member::{self, Member};
use crate::Context;

/// A page of members.
#[derive(Serialize, ToSchema)]
pub struct Members {
    /// Sorted by user id.
    items: Vec<Member>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of them.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<PageQuery>,
) -> Result<Response, Problem> {
    let code = ctx.path("code")?;
    let list = format!("members {code}");
    let after = page::behind(&ctx, &authorization, &list, &query).await?;
    let mut found =
        organization::members(&ctx.ports, &authorization, code, after, query.limit() + 1).await?;
    let is_cut = found.len() > query.limit();
    found.truncate(query.limit());
    let position = found.last().filter(|_| is_cut).map(|last| last.member.user_id.to_string());
    let next_cursor = page::next(&ctx, &authorization, &list, position).await?;
    response::json(
        StatusCode::OK,
        &Members { items: found.iter().map(Member::from).collect(), next_cursor },
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("List members", "Who belongs to the organization, whatever the status.")
        .pages::<PageQuery>()
        .response::<Members>(
            200,
            "A page.",
            json!({ "items": [member::example()], "next_cursor": null }),
        )
        .errors(&[ErrorCode::NotFound])
}
