//! `GET /api/v1/organizations/{code}/members/{user_id}/roles`: the roles of a member.

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

use super::member::{self, MemberRole};
use crate::Context;

/// A page of a member's roles.
#[derive(Serialize, ToSchema)]
pub struct MemberRoles {
    /// The primary role first.
    items: Vec<MemberRole>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of them.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<PageQuery>,
) -> Result<Response, Problem> {
    let (code, user) = (ctx.path("code")?, ctx.path_id("user_id")?);
    let membership = organization::assigned(&ctx.ports, &authorization, code, user).await?;
    let items = membership
        .roles
        .iter()
        .enumerate()
        .map(|(place, one)| (format!("{place:03}"), MemberRole::new(one, place == 0)));
    let list = format!("member roles {code} {user}");
    let (items, next_cursor) =
        page::of(&ctx, page::whose(&authorization)?, &list, &query, items).await?;
    let page = response::json(StatusCode::OK, &MemberRoles { items, next_cursor });
    response::with_etag(page, membership.etag())
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "List the roles of a member",
        "With the start and end of each assignment, and the membership's `ETag`.",
    )
    .pages::<PageQuery>()
    .response::<MemberRoles>(
        200,
        "A page.",
        json!({ "items": [member::role_example()], "next_cursor": null }),
    )
    .etag()
    .errors(&[ErrorCode::NotFound])
}
