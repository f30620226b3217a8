//! `POST /api/v1/permissions`: one permission more.

use rolecall_domain::{
    code::Code,
    permission::{self, Action, Authorization, NewPermission},
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
    definition::{self, Permission},
    named::NewNamed,
};
use crate::Context;

/// A permission that is to be.
#[derive(ToSchema)]
#[schema(as = NewPermission)]
pub struct Input {
    #[schema(ignore)]
    named: NewNamed,
    /// The code of its module, for good.
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    module: Code,
    /// `create`, `read`, `update`, `delete`, `approve`, `export`, `import` or `execute`.
    #[schema(value_type = String)]
    action: Action,
}

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let named = NewNamed::read(fields);
        let module = fields.required("module", Code::parse);
        let action = fields.required("action", Action::parse);
        Some(Self { named: named?, module: module?, action: action? })
    }
}

/// Makes it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let Input { named: NewNamed { code, name, description, is_active }, module, action } =
        extract::body(&request)?;
    let new = NewPermission { code, module, name, description, action, is_active };
    let idempotency =
        idempotency::idempotency(&ctx, &request, authorization.user_id(), &definition::first)
            .await?;
    definition::created(
        permission::create_permission(
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
    Doc::new("Create a permission", "It has no effect until a role grants it.")
        .header(
            "Idempotency-Key",
            "The same key and body get the first response again, for 24 \
            hours.",
        )
        .input_with::<Input, NewNamed>(
            json!({ "code": "pid.create", "module": "PID", "name": "Create diagrams",
                "action": "create" }),
        )
        .response::<Permission>(201, "The permission.", definition::permission_example())
        .errors(&[ErrorCode::CodeTaken, ErrorCode::IdempotencyKeyReused])
}
