use rolecall_domain::{
    clock::rfc3339,
    permission::{Catalogue, ModuleFields, PermissionFields},
    role::{self, RoleFields},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    catalogue::{module::Module, permission::Permission},
    resource::InJson,
};

/// All definitions in one.
#[derive(Serialize, ToSchema)]
pub(super) struct CompleteCatalogue {
    /// Counts the changes of any definition that all organizations share.
    version: u64,
    /// Counts the changes of the organization's own roles.
    own_version: u64,
    /// Sorted by order and name.
    modules: Vec<Module>,
    /// Sorted by code.
    permissions: Vec<Permission>,
    /// Sorted by code.
    roles: Vec<RoleWithGrants>,
}

/// A role with the codes of what it grants.
#[derive(Serialize, ToSchema)]
pub(super) struct RoleWithGrants {
    /// Unique code; that of an organization's own role begins with the organization's and a colon.
    code: String,
    /// Whose own it is; `null` where all organizations share it.
    organization: Option<String>,
    /// Display name.
    name: String,
    /// What the role is for; up to 500 characters.
    description: Option<String>,
    /// 1 is the most powerful level, 6 the least.
    #[schema(minimum = 1, maximum = 6)]
    level: u8,
    /// Nothing is granted by it while it is inactive.
    is_active: bool,
    /// Whether it is one of the six built-in system roles.
    is_system: bool,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// RFC 3339.
    #[schema(format = "date-time")]
    updated_at: String,
    /// The codes of its permissions.
    permissions: Vec<String>,
    /// The codes of its modules.
    modules: Vec<String>,
}

impl From<&role::Role> for RoleWithGrants {
    fn from(one: &role::Role) -> Self {
        Self {
            code: one.code.to_string(),
            organization: one.organization.as_ref().map(ToString::to_string),
            name: one.name.as_str().to_owned(),
            description: one.description.as_ref().map(|text| text.as_str().to_owned()),
            level: one.level.number(),
            is_active: one.is_active,
            is_system: one.is_system,
            created_at: rfc3339(one.created_at),
            updated_at: rfc3339(one.updated_at),
            permissions: one.permissions.keys().map(ToString::to_string).collect(),
            modules: one.modules.keys().map(ToString::to_string).collect(),
        }
    }
}

impl From<&Catalogue> for CompleteCatalogue {
    fn from(one: &Catalogue) -> Self {
        Self {
            version: one.version,
            own_version: one.own_version(),
            modules: one.modules().into_iter().map(Module::from).collect(),
            permissions: one.permissions().into_iter().map(Permission::from).collect(),
            roles: one.roles().into_iter().map(RoleWithGrants::from).collect(),
        }
    }
}

/// One for the OpenAPI document.
pub(super) fn example() -> Value {
    let mut role = RoleFields::example();
    if let Some(role) = role.as_object_mut() {
        role.insert("permissions".to_owned(), json!(["pid.create"]));
        role.insert("modules".to_owned(), json!(["PID"]));
    }
    json!({ "version": 7, "own_version": 0, "modules": [ModuleFields::example()],
        "permissions": [PermissionFields::example()], "roles": [role] })
}
