use rolecall_domain::{
    Patch,
    clock::rfc3339,
    code::Code,
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

impl From<&role::Role> for Role {
    fn from(one: &role::Role) -> Self {
        Self {
            code: one.code.to_string(),
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
    /// A role that is to be.
    pub struct NewRole as NewRole {
        /// Its code, for good.
        code: Code,
        /// Its name.
        name: Line<100>,
        /// What it is for.
        description: Option<Paragraph>,
        /// 1 stands for the most power, 6 for the least.
        level: Level,
        /// Whether it gives anything; a new one does.
        is_active: Option<bool>,
    }
}

input! {
    /// What changes of a role: a missing field stays.
    pub struct RoleChange as RolePatch {
        /// Its name.
        name: Change<Line<100>>,
        /// What it is for; `null` clears it.
        description: Patch<Paragraph>,
        /// 1 stands for the most power, 6 for the least.
        level: Option<Level>,
        /// Whether it gives anything.
        is_active: Option<bool>,
    }
}

impl From<NewRole> for (Code, RoleFields) {
    fn from(new: NewRole) -> Self {
        let NewRole { code, name, description, level, is_active } = new;
        let is_active = is_active.unwrap_or(true);
        (code, RoleFields { description, is_active, ..RoleFields::new(name, level) })
    }
}

impl From<RoleChange> for RolePatch {
    fn from(change: RoleChange) -> Self {
        let RoleChange { name, description, level, is_active } = change;
        Self { name: name.0, description, level, is_active }
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
