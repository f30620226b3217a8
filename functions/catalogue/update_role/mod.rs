//! `PATCH /api/v1/roles/{code}`: changing a role.

use rolecall_domain::{permission::Authorization, role};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc};
use serde_json::json;

use super::{
    definition,
    role::{Role, RoleChange},
};
use crate::Context;

/// Changes it and answers it as it is now.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let patch: RoleChange = extract::body(&request)?;
    let (code, if_match) = (ctx.path("code")?, extract::if_match(&request));
    definition::shown(
        &role::update_role(&ctx.ports, &authorization, code, &patch.into(), if_match, &ctx.client)
            .await?,
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Update a role",
        "A merge patch (RFC 7396). Activating it needs the right to grant it.",
    )
    .header("If-Match", "The `ETag` that you last saw; a stale one changes nothing.")
    .input::<RoleChange>(json!({ "name": "Drafter" }))
    .response::<Role>(200, "The role as it is now.", super::role::example())
    .errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::OwnLastAdminRole,
        ErrorCode::SystemRole,
        ErrorCode::Stale,
    ])
}
