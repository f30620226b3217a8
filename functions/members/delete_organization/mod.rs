//! `DELETE /api/v1/organizations/{code}`: one organization less.

use rolecall_domain::{organization::OrganizationFields, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::delete::<OrganizationFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc = Doc::new(
        "Delete an organization",
        "Only while it has no members; the built-in organization cannot be deleted.",
    );
    resource::describe_delete(doc).errors(&[
        ErrorCode::NotFound,
        ErrorCode::InUse,
        ErrorCode::BuiltIn,
    ])
}
