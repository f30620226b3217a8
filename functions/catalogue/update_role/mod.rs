//! `PATCH /api/v1/roles/{code}`: changing a role.

use rolecall_domain::{
    permission::Authorization,
    role::{self, Level, RolePatch},
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response,
    extract::{self, Fields},
    openapi::Doc,
};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    definition::{self, Role},
    named::NamedPatch,
};
use crate::Context;

/// What changes: a missing field stays.
#[derive(ToSchema)]
#[schema(as = RolePatch)]
pub struct Input {
    #[schema(ignore)]
    named: NamedPatch,
    /// 1 stands for the most power, 6 for the least.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 6)]
    level: Option<Level>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let named = NamedPatch::read(fields);
        let level = fields.number("level", Level::parse);
        Some(Self { named: named?, level: level? })
    }
}

impl From<Input> for RolePatch {
    fn from(input: Input) -> Self {
        let Input { named: NamedPatch { name, description, is_active }, level } = input;
        Self { name, description, is_active, level }
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
    .input_with::<Input, NamedPatch>(json!({ "name": "Drafter" }))
    .response::<Role>(200, "The role as it is now.", definition::role_example())
    .errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::OwnLastAdminRole,
        ErrorCode::SystemRole,
        ErrorCode::Stale,
    ])
}
