//! `DELETE /api/v1/roles/{code}`: one role less.

use rolecall_domain::{permission::Authorization, role::RoleFields};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc};

use crate::{Context, resource};

pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    resource::delete::<RoleFields>(ctx, authorization, request).await
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let doc =
        Doc::new("Delete a role", "Only while no member has it; system roles cannot be deleted.");
    resource::describe_delete(doc).errors(&[
        ErrorCode::NotFound,
        ErrorCode::InUse,
        ErrorCode::SystemRole,
        ErrorCode::AboveYourLevel,
    ])
}
