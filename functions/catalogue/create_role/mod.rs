//! `POST /api/v1/roles`: one role more.

use rolecall_domain::{
    permission::Authorization,
    role::{self, Level, NewRole},
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
    definition::{self, Role},
    named::NewNamed,
};
use crate::Context;

/// A role that is to be.
#[derive(ToSchema)]
#[schema(as = NewRole)]
pub struct Input {
    #[schema(ignore)]
    named: NewNamed,
    /// 1 stands for the most power, 6 for the least.
    #[schema(value_type = i64, minimum = 1, maximum = 6)]
    level: Level,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let named = NewNamed::read(fields);
        let level = fields.required_number("level", Level::parse);
        Some(Self { named: named?, level: level? })
    }
}

/// Makes it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let Input { named: NewNamed { code, name, description, is_active }, level } =
        extract::body(&request)?;
    let new = NewRole { code, name, description, level, is_active };
    let idempotency =
        idempotency::idempotency(&ctx, &request, authorization.user_id(), &definition::first)
            .await?;
    definition::created(
        role::create_role(&ctx.ports, &authorization, new, idempotency.as_ref(), &ctx.client)
            .await?,
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Create a role", "At the caller's level or below. It grants nothing yet.")
        .header(
            "Idempotency-Key",
            "The same key and body get the first response again, for 24 hours.",
        )
        .input_with::<Input, NewNamed>(
            json!({ "code": "draughtsman", "name": "Draughtsman", "level": 5 }),
        )
        .response::<Role>(201, "The role.", definition::role_example())
        .errors(&[ErrorCode::CodeTaken, ErrorCode::IdempotencyKeyReused, ErrorCode::AboveYourLevel])
}
