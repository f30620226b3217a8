//! `POST /api/v1/modules`: one module more.

use rolecall_domain::{
    code::Code,
    permission::{self, ModuleFields, NewModule, Right},
    words::{Line, Paragraph},
};
use rolecall_http::{
    Answer, Code as ErrorCode, Context, Request,
    extract::{self, Fields},
    guard, idempotency,
    openapi::Doc,
};
use serde_json::json;
use utoipa::ToSchema;

use super::definition::{self, Module};
use super::order;

/// Who may call.
pub const NEEDS: &[Right] = definition::WRITE;

/// A module that is to be.
#[derive(ToSchema)]
#[schema(as = NewModule)]
pub struct Input {
    /// Its code, for good.
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    code: Code,
    /// Its name.
    #[schema(value_type = String, max_length = 100)]
    name: Line<100>,
    /// What it is.
    #[schema(value_type = Option<String>, max_length = 500)]
    description: Option<Paragraph>,
    /// Where it stands in lists, lowest first; 0 when it is missing.
    order: Option<i32>,
    /// What a client draws beside it.
    #[schema(value_type = Option<String>, max_length = 50)]
    icon: Option<Line<50>>,
    /// Whether it gives anything; yes when it is missing.
    is_active: Option<bool>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let name = fields.required("name", Line::parse);
        let description = fields.optional("description", Paragraph::parse);
        let order = fields.number("order", order);
        let icon = fields.optional("icon", Line::parse);
        let is_active = fields.choice("is_active");
        Some(Self { code: code?, name: name?, description: description?, order: order?, icon: icon?, is_active: is_active? })
    }
}

/// Makes it.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let Input { code, name, description, order, icon, is_active } = extract::body(&request)?;
    let (order, is_active) = (order.unwrap_or_default(), is_active.unwrap_or(true));
    let new = NewModule { code, fields: ModuleFields { name, description, order, icon, is_active } };
    let once = idempotency::once(&ctx, &request, "create_module", &permit, &definition::first).await?;
    definition::created(permission::create_module(&ctx.ports, &permit, new, once.as_ref(), &ctx.client).await?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Make a module", "It gives nothing until a role opens it.")
        .header("Idempotency-Key", "The same key and body give the first answer again, for 24 hours.")
        .input::<Input>(json!({ "code": "PID", "name": "Piping and instrumentation", "order": 1, "icon": "pipe" }))
        .answer::<Module>(201, "The module.", definition::module_example())
        .errors(&[ErrorCode::CodeTaken, ErrorCode::IdempotencyKeyReused])
}
