//! `POST /api/v1/modules`: one module more.

use rolecall_domain::{
    permission::{self, Authorization, ModuleFields, NewModule},
    words::Line,
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response,
    extract::{self, Fields},
    idempotency,
    openapi::Doc,
};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    definition::{self, Module},
    named::NewNamed,
    order,
};
use crate::Context;

/// A module that is to be.
#[derive(ToSchema)]
#[schema(as = NewModule)]
pub struct Input {
    #[schema(ignore)]
    named: NewNamed,
    /// Where it stands in lists, lowest first; 0 when it is missing.
    order: Option<i32>,
    /// What a client draws beside it.
    #[schema(value_type = Option<String>, max_length = 50)]
    icon: Option<Line<50>>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let named = NewNamed::read(fields);
        let order = fields.number("order", order);
        let icon = fields.optional("icon", Line::parse);
        Some(Self { named: named?, order: order?, icon: icon? })
    }
}

/// Makes it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let Input { named: NewNamed { code, name, description, is_active }, order, icon } =
        extract::body(&request)?;
    let fields =
        ModuleFields { name, description, order: order.unwrap_or_default(), icon, is_active };
    let new = NewModule { code, fields };
    let idempotency =
        idempotency::idempotency(&ctx, &request, authorization.user_id(), &definition::first)
            .await?;
    definition::created(
        permission::create_module(
            &ctx.ports,
            &authorization,
            new,
            idempotency.as_ref(),
            &ctx.client,
        )
        .await?,
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Create a module", "It has no effect until a role grants it.")
        .header(
            "Idempotency-Key",
            "The same key and body get the first response again, for 24 \
            hours.",
        )
        .input_with::<Input, NewNamed>(json!({ "code": "PID", "name": "Piping and instrumentation",
            "order": 1, "icon": "pipe" }))
        .response::<Module>(201, "The module.", definition::module_example())
        .errors(&[ErrorCode::CodeTaken, ErrorCode::IdempotencyKeyReused])
}
