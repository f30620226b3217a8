//! `PATCH /api/v1/organizations/{code}`: changing an organization.

use http::StatusCode;
use rolecall_domain::{organization, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};
use serde_json::json;

use super::organization::{Organization, OrganizationChange, example};
use crate::Context;

/// Changes it and answers it as it is now.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let patch: OrganizationChange = extract::body(&request)?;
    let (code, if_match) = (ctx.path("code")?, extract::if_match(&request));
    let now = organization::update_organization(
        &ctx.ports,
        &authorization,
        code,
        &patch.into(),
        if_match,
        &ctx.client,
    )
    .await?;
    response::with_etag(response::json(StatusCode::OK, &Organization::from(&now)), now.version)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Update an organization",
        "A merge patch (RFC 7396). Only super admins activate or deactivate it.",
    )
    .header("If-Match", "The `ETag` that you last saw; a stale one changes nothing.")
    .input::<OrganizationChange>(json!({ "name": "Our Company", "city": null }))
    .response::<Organization>(200, "The organization as it is now.", example())
    .errors(&[ErrorCode::NotFound, ErrorCode::BuiltIn, ErrorCode::Stale])
}
