use rolecall_domain::{
    Fields, Patch,
    clock::rfc3339,
    code::Code,
    permission::{self, ModuleFields, ModulePatch},
    words::{Line, Paragraph},
};
use rolecall_http::{fields::Change, input};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::resource::InJson;

/// A part of your product to which roles give access.
#[derive(Serialize, ToSchema)]
pub struct Module {
    /// Unique code.
    code: String,
    /// Display name.
    name: String,
    /// Up to 500 characters.
    description: Option<String>,
    /// Position in lists, lowest first.
    order: i32,
    /// The name of an icon for clients to show.
    icon: Option<String>,
    /// Nothing is granted by it while it is inactive.
    is_active: bool,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// RFC 3339.
    #[schema(format = "date-time")]
    updated_at: String,
}

impl From<&permission::Module> for Module {
    fn from(one: &permission::Module) -> Self {
        Self {
            code: one.code.to_string(),
            name: one.name.as_str().to_owned(),
            description: one.description.as_ref().map(|text| text.as_str().to_owned()),
            order: one.order,
            icon: one.icon.as_ref().map(Line::as_str).map(str::to_owned),
            is_active: one.is_active,
            created_at: rfc3339(one.created_at),
            updated_at: rfc3339(one.updated_at),
        }
    }
}

input! {
    /// What a new module and a change of one have in common.
    pub struct ModuleRest as ModuleRest {
        /// Up to 500 characters; `null` clears it.
        description: Patch<Paragraph>,
        /// Position in lists, lowest first; 0 by default.
        order: Option<i32>,
        /// The name of an icon for clients to show; `null` clears it.
        icon: Patch<Line<50>>,
        /// Nothing is granted by it while it is inactive; `true` by default.
        is_active: Option<bool>,
    }
    into ModulePatch { name: None }
}

input! {
    /// A new module.
    pub struct NewModule as NewModule {
        /// Unique code; it cannot be changed later.
        code: Code,
        /// Display name.
        name: Line<100>,
        .. rest: ModuleRest,
    }
}

input! {
    /// Changes to a module: missing fields stay as they are.
    pub struct ModuleChange as ModulePatch {
        /// Display name.
        name: Change<Line<100>>,
        .. rest: ModuleRest,
    }
}

impl From<NewModule> for (Code, ModuleFields) {
    fn from(NewModule { code, name, rest }: NewModule) -> Self {
        let mut fields = ModuleFields::new(name);
        fields.patch(&rest.into());
        (code, fields)
    }
}

impl From<ModuleChange> for ModulePatch {
    fn from(ModuleChange { name, rest }: ModuleChange) -> Self {
        Self { name: name.0, ..rest.into() }
    }
}

impl InJson for ModuleFields {
    type View = Module;
    type New = NewModule;
    type Change = ModuleChange;
    const LIST: &'static str = "modules";

    fn example() -> Value {
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
}
