use std::collections::BTreeMap;

use rolecall_domain::{
    Versioned,
    code::Code,
    ids::UserId,
    permission::{Action, Definition, Kind, ModuleFields, PermissionFields, is_built_in},
    ports::StoreError,
    role::{Grant, Level, RoleFields},
    words::{Line, Paragraph},
};
use serde::{Deserialize, Serialize};

use super::{Instant, V, parsed};
use crate::{
    keys::Key,
    store::{Item, from_item},
};

/// A definition. `changed` is the catalogue's version that brought it: what a reader holds its copy
/// against.
#[derive(Serialize, Deserialize)]
pub(crate) struct DefinitionItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    changed: u64,
    code: Code,
    name: Line<100>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Paragraph>,
    is_active: bool,
    #[serde(flatten)]
    kind: StoredKind,
    version: u64,
    created_at: Instant,
    updated_at: Instant,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum StoredKind {
    Module {
        order: i32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        icon: Option<Line<50>>,
    },
    Permission {
        module: Code,
        action: Action,
    },
    Role {
        level: i64,
        permissions: BTreeMap<Code, StoredGrant>,
        modules: BTreeMap<Code, StoredGrant>,
    },
}

#[derive(Serialize, Deserialize)]
struct StoredGrant {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<UserId>,
    at: Instant,
}

/// What every kind has.
type Named = (Line<100>, Option<Paragraph>, bool);

impl DefinitionItem {
    /// A definition as of a version of the catalogue, or of an organization's own roles.
    pub(crate) fn new(key: Key, definition: &Definition, changed: u64) -> Self {
        match definition.clone() {
            Definition::Module(one) => {
                let ModuleFields { name, description, order, icon, is_active } = one.fields.clone();
                let kind = StoredKind::Module { order, icon };
                Self::of(&one, key, (name, description, is_active), kind, changed)
            }
            Definition::Permission(one) => {
                let PermissionFields { name, description, action, is_active, module } =
                    one.fields.clone();
                let kind = StoredKind::Permission { module, action };
                Self::of(&one, key, (name, description, is_active), kind, changed)
            }
            Definition::Role(one) => {
                // Whether it is built in, and whose it is, is in its code.
                let RoleFields {
                    name,
                    description,
                    level,
                    is_active,
                    is_system: _,
                    organization: _,
                    permissions,
                    modules,
                } = one.fields.clone();
                let kind = StoredKind::Role {
                    level: level.number().into(),
                    permissions: stored(permissions),
                    modules: stored(modules),
                };
                Self::of(&one, key, (name, description, is_active), kind, changed)
            }
        }
    }

    fn of<F>(
        one: &Versioned<F>,
        key: Key,
        (name, description, is_active): Named,
        stored: StoredKind,
        changed: u64,
    ) -> Self {
        Self {
            key,
            entity: "definition".to_owned(),
            v: V,
            changed,
            code: one.code.clone(),
            name,
            description,
            is_active,
            kind: stored,
            version: one.version,
            created_at: Instant(one.created_at),
            updated_at: Instant(one.updated_at),
        }
    }

    /// The definition of an item, with the sort key and the catalogue's version that brought it.
    pub(crate) fn read(item: Item) -> Result<(String, u64, Definition), StoreError> {
        let stored: Self = from_item(item)?;
        let (sk, changed) = (stored.key.sk.clone(), stored.changed);
        Ok((sk, changed, stored.try_into()?))
    }
}

impl TryFrom<DefinitionItem> for Definition {
    type Error = StoreError;

    fn try_from(stored: DefinitionItem) -> Result<Self, StoreError> {
        let DefinitionItem { code, name, description, is_active, version, .. } = stored;
        let (created_at, updated_at) = (stored.created_at.0, stored.updated_at.0);
        Ok(match stored.kind {
            StoredKind::Module { order, icon } => {
                let fields = ModuleFields { name, description, order, icon, is_active };
                Self::Module(Versioned { code, fields, version, created_at, updated_at })
            }
            StoredKind::Permission { module, action } => {
                let fields = PermissionFields { name, description, action, is_active, module };
                Self::Permission(Versioned { code, fields, version, created_at, updated_at })
            }
            StoredKind::Role { level, permissions, modules } => {
                let fields = RoleFields {
                    name,
                    description,
                    level: parsed(Level::parse(level))?,
                    is_active,
                    is_system: is_built_in(Kind::Role, code.as_str()),
                    organization: parsed(code.organization().map(Code::parse).transpose())?,
                    permissions: granted(permissions),
                    modules: granted(modules),
                };
                Self::Role(Versioned { code, fields, version, created_at, updated_at })
            }
        })
    }
}

fn stored(grants: BTreeMap<Code, Grant>) -> BTreeMap<Code, StoredGrant> {
    let store = |grant: Grant| StoredGrant { by: grant.granted_by, at: Instant(grant.granted_at) };
    grants.into_iter().map(|(code, grant)| (code, store(grant))).collect()
}

fn granted(stored: BTreeMap<Code, StoredGrant>) -> BTreeMap<Code, Grant> {
    let read = |stored: StoredGrant| Grant { granted_by: stored.by, granted_at: stored.at.0 };
    stored.into_iter().map(|(code, grant)| (code, read(grant))).collect()
}
