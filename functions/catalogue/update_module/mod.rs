//! `PATCH /api/v1/modules/{code}`: changing a module.

use rolecall_domain::{
    Patch,
    permission::{self, Authorization, ModulePatch},
    words::Line,
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response,
    extract::{self, Fields},
    openapi::Doc,
};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    definition::{self, Module},
    named::NamedPatch,
    order,
};
use crate::Context;

/// What changes: a missing field stays.
#[derive(ToSchema)]
#[schema(as = ModulePatch)]
pub struct Input {
    #[schema(ignore)]
    named: NamedPatch,
    /// Where it stands in lists.
    order: Option<i32>,
    /// What a client draws beside it; `null` clears it.
    #[schema(value_type = Option<String>, max_length = 50)]
    icon: Patch<Line<50>>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let named = NamedPatch::read(fields);
        let order = fields.number("order", order);
        let icon = fields.patch("icon", Line::parse);
        Some(Self { named: named?, order: order?, icon: icon? })
    }
}

impl From<Input> for ModulePatch {
    fn from(input: Input) -> Self {
        let Input { named: NamedPatch { name, description, is_active }, order, icon } = input;
        Self { name, description, is_active, order, icon }
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
        &permission::update_module(
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
        "Update a module",
        "A merge patch (RFC 7396). Activating it needs the right to grant it.",
    )
    .header("If-Match", "The `ETag` that you last saw; a stale one changes nothing.")
    .input_with::<Input, NamedPatch>(json!({ "name": "Piping" }))
    .response::<Module>(200, "The module as it is now.", definition::module_example())
    .errors(&[
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
        ErrorCode::BuiltIn,
        ErrorCode::Stale,
    ])
}
