use rolecall_domain::{
    Patch,
    clock::rfc3339,
    code::Code,
    permission::{self, Action, PermissionFields, PermissionPatch},
    words::{Line, Paragraph},
};
use rolecall_http::{fields::Change, input, words};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::resource::InJson;

/// Something that a role can allow.
#[derive(Serialize, ToSchema)]
pub struct Permission {
    /// Unique code.
    code: String,
    /// The module's code.
    module: String,
    /// Display name.
    name: String,
    /// What the permission allows; up to 500 characters.
    description: Option<String>,
    /// `create`, `read`, `update`, `delete`, `approve`, `export`, `import` or `execute`.
    #[schema(value_type = words::Action)]
    action: String,
    /// Nothing is granted by it while it is inactive.
    is_active: bool,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// RFC 3339.
    #[schema(format = "date-time")]
    updated_at: String,
}

impl From<&permission::Permission> for Permission {
    fn from(one: &permission::Permission) -> Self {
        Self {
            code: one.code.to_string(),
            module: one.module.to_string(),
            name: one.name.as_str().to_owned(),
            description: one.description.as_ref().map(|text| text.as_str().to_owned()),
            action: one.action.to_string(),
            is_active: one.is_active,
            created_at: rfc3339(one.created_at),
            updated_at: rfc3339(one.updated_at),
        }
    }
}

input! {
    /// A new permission.
    pub struct NewPermission as NewPermission {
        /// Unique code; it cannot be changed later.
        code: Code,
        /// Display name.
        name: Line<100>,
        /// What the permission allows; up to 500 characters.
        description: Option<Paragraph>,
        /// The module's code; it cannot be changed later.
        module: Code,
        /// The kind of action.
        action: Action,
        /// Nothing is granted by it while it is inactive; `true` by default.
        is_active: Option<bool>,
    }
}

input! {
    /// Changes to a permission: missing fields stay as they are.
    pub struct PermissionChange as PermissionPatch {
        /// Display name.
        name: Change<Line<100>>,
        /// What the permission allows, up to 500 characters; `null` clears it.
        description: Patch<Paragraph>,
        /// The kind of action.
        action: Change<Action>,
        /// Nothing is granted by it while it is inactive.
        is_active: Option<bool>,
    }
    into PermissionPatch {}
}

impl From<NewPermission> for (Code, PermissionFields) {
    fn from(new: NewPermission) -> Self {
        let NewPermission { code, name, description, module, action, is_active } = new;
        let is_active = is_active.unwrap_or(true);
        (code, PermissionFields { name, description, action, is_active, module })
    }
}

impl InJson for PermissionFields {
    type View = Permission;
    type New = NewPermission;
    type Change = PermissionChange;
    const LIST: &'static str = "permissions";

    fn example() -> Value {
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
}
