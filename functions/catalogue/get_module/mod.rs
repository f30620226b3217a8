//! `GET /api/v1/modules/{code}`: one module.

use rolecall_domain::permission::{Authorization, ModuleFields};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::get::<ModuleFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new("Get a module", "The response has an `ETag`.");
    resource::describe_get::<ModuleFields>(doc).errors(&[ErrorCode::NotFound])
}
