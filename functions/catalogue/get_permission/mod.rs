//! `GET /api/v1/permissions/{code}`: one permission.

use rolecall_domain::permission::{self, Kind, Right};
use rolecall_http::{Answer, Code, Context, Request, extract, guard, openapi::Doc};

use super::definition::{self, Permission};

/// Who may call.
pub const NEEDS: &[Right] = definition::READ;

/// Answers it with its `ETag`.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    definition::shown(&permission::definition(
        &permit,
        Kind::Permission,
        extract::last_segment(&request),
    )?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("One permission", "With its `ETag`.")
        .answer::<Permission>(200, "The permission.", definition::permission_example())
        .errors(&[Code::NotFound])
}
