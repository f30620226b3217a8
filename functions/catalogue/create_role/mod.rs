//! `POST /api/v1/roles`: one role more.

use rolecall_domain::{
    code::Code,
    permission::Right,
    role::{self, Level, NewRole},
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

use super::definition::{self, Role};

/// Who may call.
pub const NEEDS: &[Right] = definition::WRITE;

/// A role that is to be.
#[derive(ToSchema)]
#[schema(as = NewRole)]
pub struct Input {
    /// Its code, for good.
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    code: Code,
    /// Its name.
    #[schema(value_type = String, max_length = 100)]
    name: Line<100>,
    /// What it is for.
    #[schema(value_type = Option<String>, max_length = 500)]
    description: Option<Paragraph>,
    /// 1 stands for the most power, 6 for the least.
    #[schema(value_type = i64, minimum = 1, maximum = 6)]
    level: Level,
    /// Whether it gives anything; yes when it is missing.
    is_active: Option<bool>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let name = fields.required("name", Line::parse);
        let description = fields.optional("description", Paragraph::parse);
        let level = fields.required_number("level", Level::parse);
        let is_active = fields.choice("is_active");
        Some(Self { code: code?, name: name?, description: description?, level: level?, is_active: is_active? })
    }
}

/// Makes it.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let Input { code, name, description, level, is_active } = extract::body(&request)?;
    let new = NewRole { code, name, description, level, is_active: is_active.unwrap_or(true) };
    let once = idempotency::once(&ctx, &request, "create_role", &permit, &definition::first).await?;
    definition::created(role::create_role(&ctx.ports, &permit, new, once.as_ref(), &ctx.client).await?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Make a role", "At the level of the caller or below. It grants nothing yet.")
        .header("Idempotency-Key", "The same key and body give the first answer again, for 24 hours.")
        .input::<Input>(json!({ "code": "draughtsman", "name": "Draughtsman", "level": 5 }))
        .answer::<Role>(201, "The role.", definition::role_example())
        .errors(&[ErrorCode::CodeTaken, ErrorCode::IdempotencyKeyReused, ErrorCode::AboveYourLevel])
}
