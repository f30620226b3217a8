use http::StatusCode;
use rolecall_domain::{
    Created, clock::rfc3339, code::Code, idempotency::StoredResponse, permission::Definition,
    role::Grant,
};
use rolecall_http::{Problem, Response, idempotency, response};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{module::Module, permission::Permission, role::Role};

/// That a role was given something.
#[derive(Serialize, ToSchema)]
pub struct RoleGrant {
    /// The permission's or the module's code.
    code: String,
    /// Who gave it; `null` where the system did.
    #[schema(format = "uuid")]
    granted_by: Option<String>,
    /// When.
    #[schema(format = "date-time")]
    granted_at: String,
}

impl RoleGrant {
    pub(super) fn new(code: &Code, grant: &Grant) -> Self {
        let granted_by = grant.granted_by.map(|user| user.to_string());
        Self { code: code.to_string(), granted_by, granted_at: rfc3339(grant.granted_at) }
    }
}

/// A definition as the first answer to an `Idempotency-Key`.
pub(super) fn first(definition: &Definition) -> StoredResponse {
    match definition {
        Definition::Module(one) => idempotency::first(201, &Module::from(one)),
        Definition::Permission(one) => idempotency::first(201, &Permission::from(one)),
        Definition::Role(one) => idempotency::first(201, &Role::from(one)),
    }
}

/// A definition that was made now or by the same request before; either way it was new then.
pub(super) fn created(created: Created<Definition>) -> Result<Response, Problem> {
    response::with_etag(idempotency::created(created, first), 1)
}

/// A definition as it is now.
pub(super) fn shown(definition: &Definition) -> Result<Response, Problem> {
    let response = match definition {
        Definition::Module(one) => response::json(StatusCode::OK, &Module::from(one)),
        Definition::Permission(one) => response::json(StatusCode::OK, &Permission::from(one)),
        Definition::Role(one) => response::json(StatusCode::OK, &Role::from(one)),
    };
    response::with_etag(response, definition.version())
}

/// A grant for the OpenAPI document.
pub(super) fn grant_example(code: &str) -> Value {
    json!({
        "code": code,
        "granted_by": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "granted_at": "2026-11-23T09:30:00.000Z",
    })
}
