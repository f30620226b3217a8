//! `GET /api/v1/organizations/{code}`: one organization.

use rolecall_domain::{organization::OrganizationFields, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::get::<OrganizationFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new("Get an organization", "The response has an `ETag`.");
    resource::describe_get::<OrganizationFields>(doc).errors(&[ErrorCode::NotFound])
}
