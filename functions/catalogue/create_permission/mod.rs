//! `POST /api/v1/permissions`: one permission more.

mod input;

use rolecall_domain::permission::{self, NewPermission, Right};
use rolecall_http::{Answer, Code as ErrorCode, Context, Request, extract, guard, idempotency, openapi::Doc};
use serde_json::json;

pub use input::Input;

use super::definition::{self, Permission};

/// Who may call.
pub const NEEDS: &[Right] = definition::WRITE;

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
