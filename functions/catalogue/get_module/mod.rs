//! `GET /api/v1/modules/{code}`: one module.

use rolecall_domain::permission::{self, Authorization, Kind};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use super::{definition, module::Module};
use crate::Context;

/// Returns it with its `ETag`.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    _: Request,
) -> Result<Response, Problem> {
    definition::shown(&permission::definition(&authorization, Kind::Module, ctx.path("code")?)?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get a module", "The response has an `ETag`.")
        .response::<Module>(200, "The module.", super::module::example())
        .errors(&[ErrorCode::NotFound])
}
