//! `PATCH /api/v1/roles/{code}`: changing a role.

use rolecall_domain::{
    permission::Right,
    role::{self, Level, RolePatch},
    words::{Line, Paragraph},
};
use rolecall_http::{
    Answer, Code, Context, Request,
    extract::{self, Fields},
    guard,
    openapi::Doc,
};
use serde_json::json;
use utoipa::ToSchema;

use super::definition::{self, Role};

/// Who may call.
pub const NEEDS: &[Right] = definition::WRITE;

/// What changes: a missing field stays.
#[derive(ToSchema)]
#[schema(as = RolePatch)]
pub struct Input {
    /// Its name.
    #[schema(value_type = Option<String>, max_length = 100)]
    name: Option<Line<100>>,
    /// What it is for; `null` clears it.
    #[schema(value_type = Option<String>, max_length = 500)]
    description: Option<Option<Paragraph>>,
    /// 1 stands for the most power, 6 for the least.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 6)]
    level: Option<Level>,
    /// Whether it gives anything.
    is_active: Option<bool>,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.change("name", Line::parse);
        let description = fields.patch("description", Paragraph::parse);
        let level = fields.number("level", Level::parse);
        let is_active = fields.choice("is_active");
        Some(Self { name: name?, description: description?, level: level?, is_active: is_active? })
    }
}

/// Changes it and answers it as it is now.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let Input { name, description, level, is_active } = extract::body(&request)?;
    let patch = RolePatch { name, description, level, is_active };
    let (code, if_match) = (extract::last_segment(&request), extract::if_match(&request));
    definition::shown(&role::update_role(&ctx.ports, &permit, code, &patch, if_match, &ctx.client).await?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Change a role", "A merge patch (RFC 7396). Switching it on asks for the right to give it.")
        .header("If-Match", "The `ETag` that was last seen; a stale one changes nothing.")
        .input::<Input>(json!({ "name": "Drafter" }))
        .answer::<Role>(200, "The role as it is now.", definition::role_example())
        .errors(&[Code::NotFound, Code::AboveYourLevel, Code::SystemRole, Code::Stale])
}
