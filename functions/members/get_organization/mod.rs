//! `GET /api/v1/organizations/{code}`: one organization.

use http::StatusCode;
use rolecall_domain::{organization, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use super::organization::{Organization, example};
use crate::Context;

/// Returns it with its `ETag`.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    _: Request,
) -> Result<Response, Problem> {
    let found = organization::organization(&ctx.ports, &authorization, ctx.path("code")?).await?;
    response::with_etag(response::json(StatusCode::OK, &Organization::from(&found)), found.version)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get an organization", "The response has an `ETag`.")
        .response::<Organization>(200, "The organization.", example())
        .errors(&[ErrorCode::NotFound])
}
