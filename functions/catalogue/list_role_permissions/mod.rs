//! `GET /api/v1/roles/{code}/permissions`: what a role grants.

use rolecall_domain::permission::Authorization;
use rolecall_http::{Problem, Response, WithQuery, openapi::Doc, page::PageQuery};

use super::role_grants;
use crate::Context;

/// Returns a page of them.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<PageQuery>,
) -> Result<Response, Problem> {
    role_grants::list(&ctx, &authorization, &query, |role| &role.permissions).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    role_grants::describe(
        Doc::new("List the permissions of a role", "With who granted each, and when."),
        "pid.create",
    )
}
