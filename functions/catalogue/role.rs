use rolecall_domain::{
    Patch,
    clock::rfc3339,
    code::{Code, RoleCode},
    role::{self, Level, RoleFields, RolePatch},
    words::{Line, Paragraph},
};
use rolecall_http::{fields::Change, input};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::resource::InJson;

/// A bundle of permissions and modules.
#[derive(Serialize, ToSchema)]
pub struct Role {
    /// Unique code; that of an organization's own role begins with the organization's and a colon.
    code: String,
    /// Whose own it is, assigned there alone; `null` where all organizations share it.
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
}

impl From<&role::Role> for Role {
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
        }
    }
}

input! {
    /// A new role.
    pub struct NewRole as NewRole {
        /// Unique code; it cannot be changed later. That of an organization's own role is the
        /// organization's code, a colon and a code: `MY_COMPANY:auditor`.
        code: RoleCode,
        /// Whose own it is to be; none for one that all organizations share.
        organization: Option<Code>,
        /// Display name.
        name: Line<100>,
        /// What the role is for; up to 500 characters.
        description: Option<Paragraph>,
        /// 1 is the most powerful level, 6 the least.
        level: Level,
        /// Nothing is granted by it while it is inactive; `true` by default.
        is_active: Option<bool>,
    }
}

input! {
    /// Changes to a role: missing fields stay as they are.
    pub struct RoleChange as RolePatch {
        /// Display name.
        name: Change<Line<100>>,
        /// What the role is for, up to 500 characters; `null` clears it.
        description: Patch<Paragraph>,
        /// 1 is the most powerful level, 6 the least.
        level: Option<Level>,
        /// Nothing is granted by it while it is inactive.
        is_active: Option<bool>,
    }
    into RolePatch {}
}

impl From<NewRole> for (Code, RoleFields) {
    fn from(new: NewRole) -> Self {
        let NewRole { code, organization, name, description, level, is_active } = new;
        let is_active = is_active.unwrap_or(true);
        let fields = RoleFields::new(name, level);
        (code.into(), RoleFields { organization, description, is_active, ..fields })
    }
}

impl InJson for RoleFields {
    type View = Role;
    type New = NewRole;
    type Change = RoleChange;
    const LIST: &'static str = "roles";

    fn example() -> Value {
        json!({
            "code": "draughtsman",
            "organization": null,
            "name": "Draughtsman",
            "description": null,
            "level": 5,
            "is_active": true,
            "is_system": false,
            "created_at": "2026-11-23T09:30:00.000Z",
            "updated_at": "2026-11-23T09:30:00.000Z",
        })
    }
}
