//! `GET /api/v1/permissions/{code}`: one permission.

use rolecall_domain::permission::{self, Kind, Right};
use rolecall_http::{Context, ErrorCode, Problem, Request, Response, extract, guard, openapi::Doc};

use super::definition::{self, Permission};

/// Who may call.
pub const NEEDS: &[Right] = definition::READ;

/// Returns it with its `ETag`.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let authorization = guard::authorize(&ctx, &request, NEEDS).await?;
    definition::shown(&permission::definition(
        &authorization,
        Kind::Permission,
        extract::last_segment(&request),
    )?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get a permission", "The response has an `ETag`.")
        .response::<Permission>(200, "The permission.", definition::permission_example())
        .errors(&[ErrorCode::NotFound])
}
