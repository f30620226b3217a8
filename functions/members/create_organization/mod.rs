//! `POST /api/v1/organizations`: one organization more.

use rolecall_domain::{organization::OrganizationFields, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};
use serde_json::json;

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::create::<OrganizationFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new("Create an organization", "Super admins only.");
    resource::describe_create::<OrganizationFields>(
        doc,
        json!({ "code": "MY_COMPANY", "name": "My Company", "settings": { "theme": "dark" } }),
    )
    .errors(&[ErrorCode::CodeTaken])
}
