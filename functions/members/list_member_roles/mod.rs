//! `GET /api/v1/organizations/{code}/members/{user_id}/roles`: the roles of a member.

use http::StatusCode;
use rolecall_domain::{organization, permission::Right};
use rolecall_http::{
    Answer, Code, Context, Request, answer, extract, guard,
    openapi::Doc,
    page::{self, PageQuery},
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    member::{self, MemberRole},
    path,
};

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ReadUsers, Right::AssignRoles];

/// A page of a member's roles.
#[derive(Serialize, ToSchema)]
pub struct MemberRoles {
    /// The primary one first.
    items: Vec<MemberRole>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Answers a page of them.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let query: PageQuery = extract::query(&request)?;
    let (code, user) = (
        extract::segment_from_end(&request, 3),
        path::user(&request, 1)?,
    );
    let (seat, etag) = organization::assigned(&ctx.ports, &permit, code, user).await?;
    let items = seat
        .roles
        .iter()
        .enumerate()
        .map(|(place, one)| (format!("{place:03}"), MemberRole::new(one, place == 0)));
    let list = format!("member roles {code} {user}");
    let (items, next_cursor) = page::of(&ctx, page::whose(&permit)?, &list, &query, items).await?;
    answer::with_etag(
        answer::json(StatusCode::OK, &MemberRoles { items, next_cursor }),
        etag,
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "The roles of a member",
        "With the instants at which they begin and end, and the user's `ETag`.",
    )
    .pages()
    .answer::<MemberRoles>(
        200,
        "A page.",
        json!({ "items": [member::role_example()], "next_cursor": null }),
    )
    .errors(&[Code::NotFound])
}
