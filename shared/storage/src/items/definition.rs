use std::collections::BTreeMap;

use rolecall_domain::{
    code::Code,
    permission::{Action, Definition, Kind, Module, Permission, is_built_in},
    ports::StoreError,
    role::{Grant, Level, Role},
    words::{Line, Paragraph},
};
use serde::{Deserialize, Serialize};

use super::{V, id, instant, parsed};
use crate::{
    keys::{self, Key},
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
    code: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    is_active: bool,
    #[serde(flatten)]
    kind: StoredKind,
    version: u64,
    created_at: i64,
    updated_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum StoredKind {
    Module {
        order: i32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        icon: Option<String>,
    },
    Permission {
        module: String,
        action: String,
    },
    Role {
        level: i64,
        permissions: BTreeMap<String, StoredGrant>,
        modules: BTreeMap<String, StoredGrant>,
    },
}

#[derive(Serialize, Deserialize)]
struct StoredGrant {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    at: i64,
}

impl DefinitionItem {
    /// A definition as of a version of the catalogue.
    pub(crate) fn new(definition: &Definition, changed: u64) -> Self {
        let text = |text: &Option<Paragraph>| text.as_ref().map(|text| text.as_str().to_owned());
        let (name, description, is_active, kind, created_at, updated_at) = match definition {
            Definition::Module(one) => {
                let icon = one.icon.as_ref().map(|icon| icon.as_str().to_owned());
                let kind = StoredKind::Module { order: one.order, icon };
                (
                    &one.name,
                    text(&one.description),
                    one.is_active,
                    kind,
                    one.created_at,
                    one.updated_at,
                )
            }
            Definition::Permission(one) => {
                let kind = StoredKind::Permission {
                    module: one.module.to_string(),
                    action: one.action.to_string(),
                };
                (
                    &one.name,
                    text(&one.description),
                    one.is_active,
                    kind,
                    one.created_at,
                    one.updated_at,
                )
            }
            Definition::Role(one) => {
                let (permissions, modules) = (grants(&one.permissions), grants(&one.modules));
                let kind =
                    StoredKind::Role { level: one.level.number().into(), permissions, modules };
                (
                    &one.name,
                    text(&one.description),
                    one.is_active,
                    kind,
                    one.created_at,
                    one.updated_at,
                )
            }
        };
        Self {
            key: keys::definition(definition.kind(), definition.code().as_str()),
            entity: "definition".to_owned(),
            v: V,
            changed,
            code: definition.code().to_string(),
            name: name.as_str().to_owned(),
            description,
            is_active,
            kind,
            version: definition.version(),
            created_at: created_at.as_millisecond(),
            updated_at: updated_at.as_millisecond(),
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
        let code = parsed(Code::parse(&stored.code))?;
        let name = parsed(Line::parse(&stored.name))?;
        let description = parsed(stored.description.as_deref().map(Paragraph::parse).transpose())?;
        let (is_active, version) = (stored.is_active, stored.version);
        let (created_at, updated_at) = (instant(stored.created_at)?, instant(stored.updated_at)?);
        Ok(match stored.kind {
            StoredKind::Module { order, icon } => {
                let icon = parsed(icon.as_deref().map(Line::parse).transpose())?;
                Self::Module(Module {
                    code,
                    name,
                    description,
                    order,
                    icon,
                    is_active,
                    version,
                    created_at,
                    updated_at,
                })
            }
            StoredKind::Permission { module, action } => {
                let (module, action) =
                    (parsed(Code::parse(&module))?, parsed(Action::parse(&action))?);
                let one = Permission {
                    code,
                    module,
                    name,
                    description,
                    action,
                    is_active,
                    version,
                    created_at,
                    updated_at,
                };
                Self::Permission(one)
            }
            StoredKind::Role { level, permissions, modules } => Self::Role(Role {
                is_system: is_built_in(Kind::Role, code.as_str()),
                code,
                name,
                description,
                level: parsed(Level::parse(level))?,
                is_active,
                permissions: read_grants(permissions)?,
                modules: read_grants(modules)?,
                version,
                created_at,
                updated_at,
            }),
        })
    }
}

fn grants(grants: &BTreeMap<Code, Grant>) -> BTreeMap<String, StoredGrant> {
    let stored = |grant: &Grant| StoredGrant {
        by: grant.granted_by.map(|user| user.to_string()),
        at: grant.granted_at.as_millisecond(),
    };
    grants.iter().map(|(code, grant)| (code.to_string(), stored(grant))).collect()
}

fn read_grants(stored: BTreeMap<String, StoredGrant>) -> Result<BTreeMap<Code, Grant>, StoreError> {
    let read = |(code, grant): (String, StoredGrant)| {
        let granted_by = grant.by.as_deref().map(id).transpose()?;
        Ok((parsed(Code::parse(&code))?, Grant { granted_by, granted_at: instant(grant.at)? }))
    };
    stored.into_iter().map(read).collect()
}
