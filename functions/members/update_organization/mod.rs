//! `PATCH /api/v1/organizations/{code}`: changing an organization.

use rolecall_domain::{organization::OrganizationFields, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};
use serde_json::json;

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::update::<OrganizationFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new(
        "Update an organization",
        "A merge patch (RFC 7396). Only super admins activate or deactivate it.",
    );
    resource::describe_update::<OrganizationFields>(
        doc,
        json!({ "name": "Our Company", "city": null }),
    )
    .errors(&[ErrorCode::NotFound, ErrorCode::BuiltIn])
}
