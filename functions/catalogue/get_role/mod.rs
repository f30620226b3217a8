//! `GET /api/v1/roles/{code}`: one role.

use rolecall_domain::permission::{self, Kind, Right};
use rolecall_http::{Context, ErrorCode, Problem, Request, Response, extract, guard, openapi::Doc};

use super::definition::{self, Role};

/// Who may call.
pub const NEEDS: &[Right] = definition::READ;

/// Returns it with its `ETag`.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let authorization = guard::authorize(&ctx, &request, NEEDS).await?;
    definition::shown(&permission::definition(
        &authorization,
        Kind::Role,
        extract::last_segment(&request),
    )?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get a role", "The response has an `ETag`.")
        .response::<Role>(200, "The role.", definition::role_example())
        .errors(&[ErrorCode::NotFound])
}
