//! `GET /api/v1/roles/{code}`: one role.

use rolecall_domain::permission::{self, Authorization, Kind};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use super::{definition, role::Role};
use crate::Context;

/// Returns it with its `ETag`.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    _: Request,
) -> Result<Response, Problem> {
    definition::shown(&permission::definition(&authorization, Kind::Role, ctx.path("code")?)?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get a role", "The response has an `ETag`.")
        .response::<Role>(200, "The role.", super::role::example())
        .errors(&[ErrorCode::NotFound])
}
