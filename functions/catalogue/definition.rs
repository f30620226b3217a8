use http::StatusCode;
use rolecall_domain::{
    Created,
    clock::rfc3339,
    code::Code,
    idempotency::StoredResponse,
    permission::{self, Definition},
    role::{self, Grant},
    words::{Line, Paragraph},
};
use rolecall_http::{Problem, Response, idempotency, response};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A part of your product that roles open.
#[derive(Serialize, ToSchema)]
pub struct Module {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// What it is.
    description: Option<String>,
    /// Where it stands in lists, lowest first.
    order: i32,
    /// What a client draws beside it.
    icon: Option<String>,
    /// An inactive one gives nothing.
    is_active: bool,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// RFC 3339.
    #[schema(format = "date-time")]
    updated_at: String,
}

/// Something that a role may allow.
#[derive(Serialize, ToSchema)]
pub struct Permission {
    /// Its code.
    code: String,
    /// The code of its module.
    module: String,
    /// Its name.
    name: String,
    /// What it allows.
    description: Option<String>,
    /// `create`, `read`, `update`, `delete`, `approve`, `export`, `import` or `execute`.
    #[schema(pattern = "^(create|read|update|delete|approve|export|import|execute)$")]
    action: String,
    /// An inactive one gives nothing.
    is_active: bool,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// RFC 3339.
    #[schema(format = "date-time")]
    updated_at: String,
}

/// A bundle of permissions and modules.
#[derive(Serialize, ToSchema)]
pub struct Role {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// 1 stands for the most power, 6 for the least.
    #[schema(minimum = 1, maximum = 6)]
    level: u8,
    /// An inactive one gives nothing.
    is_active: bool,
    /// Whether it is one of the six that are always there.
    is_system: bool,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// RFC 3339.
    #[schema(format = "date-time")]
    updated_at: String,
}

fn text(text: Option<&Paragraph>) -> Option<String> {
    text.map(|text| text.as_str().to_owned())
}

impl From<&permission::Module> for Module {
    fn from(one: &permission::Module) -> Self {
        Self {
            code: one.code.to_string(),
            name: one.name.as_str().to_owned(),
            description: text(one.description.as_ref()),
            order: one.order,
            icon: one.icon.as_ref().map(Line::as_str).map(str::to_owned),
            is_active: one.is_active,
            created_at: rfc3339(one.created_at),
            updated_at: rfc3339(one.updated_at),
        }
    }
}

impl From<&permission::Permission> for Permission {
    fn from(one: &permission::Permission) -> Self {
        Self {
            code: one.code.to_string(),
            module: one.module.to_string(),
            name: one.name.as_str().to_owned(),
            description: text(one.description.as_ref()),
            action: one.action.to_string(),
            is_active: one.is_active,
            created_at: rfc3339(one.created_at),
            updated_at: rfc3339(one.updated_at),
        }
    }
}

impl From<&role::Role> for Role {
    fn from(one: &role::Role) -> Self {
        Self {
            code: one.code.to_string(),
            name: one.name.as_str().to_owned(),
            description: text(one.description.as_ref()),
            level: one.level.number(),
            is_active: one.is_active,
            is_system: one.is_system,
            created_at: rfc3339(one.created_at),
            updated_at: rfc3339(one.updated_at),
        }
    }
}

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

/// A module for the OpenAPI document.
pub(super) fn module_example() -> Value {
    json!({
        "code": "PID",
        "name": "Piping and instrumentation",
        "description": null,
        "order": 1,
        "icon": "pipe",
        "is_active": true,
        "created_at": "2026-11-23T09:30:00.000Z",
        "updated_at": "2026-11-23T09:30:00.000Z",
    })
}

/// A permission for the OpenAPI document.
pub(super) fn permission_example() -> Value {
    json!({
        "code": "pid.create",
        "module": "PID",
        "name": "Create diagrams",
        "description": null,
        "action": "create",
        "is_active": true,
        "created_at": "2026-11-23T09:30:00.000Z",
        "updated_at": "2026-11-23T09:30:00.000Z",
    })
}

/// A role for the OpenAPI document.
pub(super) fn role_example() -> Value {
    json!({
        "code": "draughtsman",
        "name": "Draughtsman",
        "description": null,
        "level": 5,
        "is_active": true,
        "is_system": false,
        "created_at": "2026-11-23T09:30:00.000Z",
        "updated_at": "2026-11-23T09:30:00.000Z",
    })
}

/// A grant for the OpenAPI document.
pub(super) fn grant_example(code: &str) -> Value {
    json!({
        "code": code,
        "granted_by": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "granted_at": "2026-11-23T09:30:00.000Z",
    })
}
