//! `POST /api/v1/permissions`: one permission more.

use rolecall_domain::{
    code::Code,
    permission::{self, Action, NewPermission, Right},
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

use super::definition::{self, Permission};

/// Who may call.
pub const NEEDS: &[Right] = definition::WRITE;

/// A permission that is to be.
#[derive(ToSchema)]
#[schema(as = NewPermission)]
pub struct Input {
    /// Its code, for good.
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    code: Code,
    /// The code of its module, for good.
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    module: Code,
    /// Its name.
    #[schema(value_type = String, max_length = 100)]
    name: Line<100>,
    /// What it allows.
    #[schema(value_type = Option<String>, max_length = 500)]
    description: Option<Paragraph>,
    /// `create`, `read`, `update`, `delete`, `approve`, `export`, `import` or `execute`.
    #[schema(value_type = String)]
    action: Action,
    /// Whether it gives anything; yes when it is missing.
    is_active: Option<bool>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let module = fields.required("module", Code::parse);
        let name = fields.required("name", Line::parse);
        let description = fields.optional("description", Paragraph::parse);
        let action = fields.required("action", Action::parse);
        let is_active = fields.choice("is_active");
        Some(Self {
            code: code?,
            module: module?,
            name: name?,
            description: description?,
            action: action?,
            is_active: is_active?,
        })
    }
}

/// Makes it.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let Input { code, module, name, description, action, is_active } = extract::body(&request)?;
    let new = NewPermission { code, module, name, description, action, is_active: is_active.unwrap_or(true) };
    let once = idempotency::once(&ctx, &request, "create_permission", &permit, &definition::first).await?;
    definition::created(permission::create_permission(&ctx.ports, &permit, new, once.as_ref(), &ctx.client).await?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Make a permission", "It gives nothing until a role grants it.")
        .header("Idempotency-Key", "The same key and body give the first answer again, for 24 hours.")
        .input::<Input>(json!({ "code": "pid.create", "module": "PID", "name": "Create diagrams", "action": "create" }))
        .answer::<Permission>(201, "The permission.", definition::permission_example())
        .errors(&[ErrorCode::CodeTaken, ErrorCode::IdempotencyKeyReused])
}
