use rolecall_domain::{
    permission::{Catalogue, ModuleFields, PermissionFields},
    role::{self, RoleFields},
};
use rolecall_http::openapi::with;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    catalogue::{module::Module, permission::Permission, role::Role},
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
    #[serde(flatten)]
    role: Role,
    /// The codes of its permissions.
    permissions: Vec<String>,
    /// The codes of its modules.
    modules: Vec<String>,
}

impl From<&role::Role> for RoleWithGrants {
    fn from(one: &role::Role) -> Self {
        Self {
            role: Role::from(one),
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
    let role =
        with(RoleFields::example(), json!({ "permissions": ["pid.create"], "modules": ["PID"] }));
    json!({ "version": 7, "own_version": 0, "modules": [ModuleFields::example()],
        "permissions": [PermissionFields::example()], "roles": [role] })
}
