//! `GET /api/v1/modules/{code}`: one module.

use rolecall_domain::permission::{self, Kind, Right};
use rolecall_http::{Context, ErrorCode, Problem, Request, Response, extract, guard, openapi::Doc};

use super::definition::{self, Module};

/// Who may call.
pub const NEEDS: &[Right] = definition::READ;

/// Returns it with its `ETag`.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let authorization = guard::authorize(&ctx, &request, NEEDS).await?;
    definition::shown(&permission::definition(
        &authorization,
        Kind::Module,
        extract::last_segment(&request),
    )?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get a module", "The response has an `ETag`.")
        .response::<Module>(200, "The module.", definition::module_example())
        .errors(&[ErrorCode::NotFound])
}
