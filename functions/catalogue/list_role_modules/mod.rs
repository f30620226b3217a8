//! `GET /api/v1/roles/{code}/modules`: what a role grants.

use rolecall_domain::permission::Right;
use rolecall_http::{Context, Problem, Request, Response, guard, openapi::Doc};

use super::{definition, role_grants};

/// Who may call.
pub const NEEDS: &[Right] = definition::READ;

/// Returns a page of them.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let authorization = guard::authorize(&ctx, &request, NEEDS).await?;
    role_grants::list(&ctx, &authorization, &request, |role| &role.modules).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    role_grants::describe(
        Doc::new("List the modules of a role", "With who granted each, and when."),
        "PID",
    )
}
