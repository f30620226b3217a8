//! `GET /api/v1/roles/{code}`: one role.

use rolecall_domain::permission::{self, Kind, Right};
use rolecall_http::{Answer, Code, Context, Request, extract, guard, openapi::Doc};

use super::definition::{self, Role};

/// Who may call.
pub const NEEDS: &[Right] = definition::READ;

/// Answers it with its `ETag`.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    definition::shown(&permission::definition(
        &permit,
        Kind::Role,
        extract::last_segment(&request),
    )?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("One role", "With its `ETag`.")
        .answer::<Role>(200, "The role.", definition::role_example())
        .errors(&[Code::NotFound])
}
