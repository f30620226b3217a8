//! `PATCH /api/v1/permissions/{code}`: changing a permission.

use rolecall_domain::permission::{self, Action, Authorization, PermissionPatch};
use rolecall_http::{
    ErrorCode, Problem, Request, Response,
    extract::{self, Fields},
    openapi::Doc,
};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    definition::{self, Permission},
    named::NamedPatch,
};
use crate::Context;

/// What changes: a missing field stays.
#[derive(ToSchema)]
#[schema(as = PermissionPatch)]
pub struct Input {
    #[schema(ignore)]
    named: NamedPatch,
    /// `create`, `read`, `update`, `delete`, `approve`, `export`, `import` or `execute`.
    #[schema(value_type = Option<String>)]
    action: Option<Action>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let named = NamedPatch::read(fields);
        let action = fields.change("action", Action::parse);
        Some(Self { named: named?, action: action? })
    }
}

impl From<Input> for PermissionPatch {
    fn from(input: Input) -> Self {
        let Input { named: NamedPatch { name, description, is_active }, action } = input;
        Self { name, description, is_active, action }
    }
}

/// Changes it and answers it as it is now.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let patch: Input = extract::body(&request)?;
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
    .input_with::<Input, NamedPatch>(json!({ "name": "Draw diagrams" }))
    .response::<Permission>(200, "The permission as it is now.", definition::permission_example())
    .errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::BuiltIn,
        ErrorCode::Stale,
    ])
}
