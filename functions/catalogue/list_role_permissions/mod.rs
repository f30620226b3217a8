//! `GET /api/v1/roles/{code}/permissions`: what a role grants.

use http::StatusCode;
use rolecall_domain::permission::{self, Definition, Kind, Right};
use rolecall_http::{
    Answer, Code, Context, Request, answer, extract, guard,
    openapi::Doc,
    page::{self, PageQuery},
};
use serde_json::json;

use super::definition::{self, RoleGrant};
use super::role_grants::RoleGrants;

/// Who may call.
pub const NEEDS: &[Right] = definition::READ;

/// Answers a page of them.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let query: PageQuery = extract::query(&request)?;
    let code = extract::segment_from_end(&request, 1);
    let Definition::Role(role) = permission::definition(&permit, Kind::Role, code)? else { return answer::no_content() };
    let grants = RoleGrant::all(&role.permissions).into_iter();
    let (items, next_cursor) = page::of(&ctx, page::whose(&permit), &format!("role permissions {code}"), &query, grants).await?;
    answer::json(StatusCode::OK, &RoleGrants { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "items": [definition::grant_example("pid.create")], "next_cursor": null });
    Doc::new("The permissions of a role", "With who gave them, and when.")
        .pages()
        .answer::<RoleGrants>(200, "A page.", example)
        .errors(&[Code::NotFound])
}
