//! `GET /api/v1/permissions/{code}`: one permission.

use rolecall_domain::permission::{self, Authorization, Kind};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use super::{definition, permission::Permission};
use crate::Context;

/// Returns it with its `ETag`.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    _: Request,
) -> Result<Response, Problem> {
    definition::shown(&permission::definition(&authorization, Kind::Permission, ctx.path("code")?)?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get a permission", "The response has an `ETag`.")
        .response::<Permission>(200, "The permission.", super::permission::example())
        .errors(&[ErrorCode::NotFound])
}
