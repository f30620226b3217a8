//! `PATCH /api/v1/permissions/{code}`: changing a permission.

use rolecall_domain::permission::{self, Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc};
use serde_json::json;

use super::{
    definition,
    permission::{Permission, PermissionChange},
};
use crate::Context;

/// Changes it and answers it as it is now.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let patch: PermissionChange = extract::body(&request)?;
    let (code, if_match) = (ctx.path("code")?, extract::if_match(&request));
    definition::shown(
        &permission::update_permission(
            &ctx.ports,
            &authorization,
            code,
            &patch.into(),
            if_match,
            &ctx.client,
        )
        .await?,
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Update a permission",
        "A merge patch (RFC 7396). Activating it needs the right to grant it.",
    )
    .header("If-Match", "The `ETag` that you last saw; a stale one changes nothing.")
    .input::<PermissionChange>(json!({ "name": "Draw diagrams" }))
    .response::<Permission>(200, "The permission as it is now.", super::permission::example())
    .errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::BuiltIn,
        ErrorCode::Stale,
    ])
}
