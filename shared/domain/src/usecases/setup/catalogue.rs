use std::collections::{BTreeMap, BTreeSet};

use super::change::Change;
use crate::{
    model::{
        client::Client,
        clock::Timestamp,
        code::Code,
        event::Event,
        permission::{Catalogue, Definition, Kind, is_built_in},
        role::{Grant, Level, Role, SUPER_ADMIN},
        violation::Violation,
        words::Line,
    },
    ports::{Crypto, Ports, Store, Unique},
    usecases::{
        administration::{AdministerError, AdministerRefusal},
        permission::{
            Edit, ModuleFields, ModulePatch, NewModule, NewPermission, PermissionPatch, described,
            operator, write,
        },
        role::{NewRole, RolePatch},
    },
};

/// A definition that is wanted: what it does not say stays, and of a new one has its usual value.
#[derive(Debug, Clone)]
pub enum WantedDefinition {
    Module(Code, ModulePatch),
    /// A permission, and the module that it belongs to.
    Permission(Code, Code, PermissionPatch),
    Role(Code, WantedRole),
}

#[derive(Debug, Clone)]
pub struct WantedRole {
    /// What it says of itself.
    pub patch: RolePatch,
    /// Exactly these permissions, if any are named.
    pub permissions: Option<BTreeSet<Code>>,
    /// Exactly these modules, if any are named.
    pub modules: Option<BTreeSet<Code>>,
}

/// Makes definitions so, one after the other; a dry run goes by a catalogue that has the ones
/// before.
pub(super) async fn set_up(
    ports: &Ports<impl Store, impl Crypto>,
    wanted: &[WantedDefinition],
    dry_run: bool,
    client: &Client,
) -> Result<Vec<Change>, AdministerError> {
    let mut authorization = operator(ports).await?;
    let mut catalogue = (**authorization.catalogue()).clone();
    let mut changes = Vec::new();
    for one in wanted {
        let now = ports.clock.now();
        let Edit { before, after, .. } = one.edit(&catalogue, now)?;
        let Some(after) = after.filter(|after| before.as_ref() != Some(after)) else {
            continue;
        };
        let was = before.as_ref().map(described);
        changes.push(Change::new(
            what(&after),
            after.code().as_str(),
            was.as_ref(),
            &described(&after),
        ));
        if dry_run {
            catalogue = catalogue.with(after);
        } else {
            write(ports, &authorization, None, client, |catalogue| one.edit(catalogue, now))
                .await?;
            authorization = operator(ports).await?;
            catalogue = (**authorization.catalogue()).clone();
        }
    }
    Ok(changes)
}

fn what(definition: &Definition) -> &'static str {
    match definition.kind() {
        Kind::Module => "module",
        Kind::Permission => "permission",
        Kind::Role => "role",
    }
}

impl WantedDefinition {
    fn edit(&self, catalogue: &Catalogue, now: Timestamp) -> Result<Edit, AdministerError> {
        let (kind, code) = match self {
            Self::Module(code, _) => (Kind::Module, code),
            Self::Permission(code, ..) => (Kind::Permission, code),
            Self::Role(code, _) => (Kind::Role, code),
        };
        let before = catalogue.definition(kind, code.as_str());
        if before.is_none() && catalogue.is_taken(kind, code) {
            return Err(AdministerRefusal::Taken(Unique::Code).into());
        }
        let (after, event) = match self {
            Self::Module(_, patch) => module(catalogue, code, patch, now)?,
            Self::Permission(_, module, patch) => permission(catalogue, code, module, patch, now)?,
            Self::Role(_, wanted) => role(catalogue, code, wanted, now)?,
        };
        Ok(Edit { before, after: Some(after), event })
    }
}

fn named(code: &Code, name: Option<&Line<100>>) -> Line<100> {
    name.cloned().unwrap_or_else(|| Line::known(code.as_str()))
}

/// Refuses to switch off what is built in.
fn stays_on(kind: Kind, code: &Code, is_active: bool) -> Result<(), AdministerError> {
    let is_fixed =
        is_built_in(kind, code.as_str()) && (kind != Kind::Role || code.as_str() == SUPER_ADMIN);
    if is_fixed && !is_active { Err(AdministerRefusal::BuiltIn.into()) } else { Ok(()) }
}

fn module(
    catalogue: &Catalogue,
    code: &Code,
    patch: &ModulePatch,
    now: Timestamp,
) -> Result<(Definition, Event), AdministerError> {
    let Some(before) = catalogue.module(code.as_str()) else {
        let fields = ModuleFields {
            name: named(code, patch.name.as_ref()),
            description: patch.description.value().cloned(),
            order: patch.order.unwrap_or_default(),
            icon: patch.icon.value().cloned(),
            is_active: patch.is_active.unwrap_or(true),
        };
        return Ok((
            Definition::Module(NewModule { code: code.clone(), fields }.made(now)),
            Event::ModuleCreated,
        ));
    };
    let after = patch.apply(before, now);
    stays_on(Kind::Module, code, after.is_active)?;
    Ok((Definition::Module(after), Event::ModuleUpdated))
}

fn permission(
    catalogue: &Catalogue,
    code: &Code,
    module: &Code,
    patch: &PermissionPatch,
    now: Timestamp,
) -> Result<(Definition, Event), AdministerError> {
    let invalid = |field, code, message: &str| {
        AdministerRefusal::Invalid(field, Violation::new(code, message))
    };
    if catalogue.module(module.as_str()).is_none() {
        return Err(invalid("module", "unknown_module", "This module does not exist.").into());
    }
    let Some(before) = catalogue.permission(code.as_str()) else {
        let action = patch
            .action
            .ok_or_else(|| invalid("action", "required", "A new permission needs an action."))?;
        let new = NewPermission {
            code: code.clone(),
            module: module.clone(),
            name: named(code, patch.name.as_ref()),
            description: patch.description.value().cloned(),
            action,
            is_active: patch.is_active.unwrap_or(true),
        };
        return Ok((Definition::Permission(new.made(now)), Event::PermissionCreated));
    };
    if before.module != *module {
        return Err(
            invalid("module", "fixed", "The module of a permission cannot be changed.").into()
        );
    }
    let after = patch.apply(before, now);
    stays_on(Kind::Permission, code, after.is_active)?;
    Ok((Definition::Permission(after), Event::PermissionUpdated))
}

fn role(
    catalogue: &Catalogue,
    code: &Code,
    wanted: &WantedRole,
    now: Timestamp,
) -> Result<(Definition, Event), AdministerError> {
    let WantedRole { patch, permissions, modules } = wanted;
    let known = catalogue.role(code.as_str());
    let bare = || {
        let (name, description) = (named(code, patch.name.as_ref()), None);
        NewRole { code: code.clone(), name, description, level: Level::LOWEST, is_active: true }
            .made(now)
    };
    let before = known.cloned().unwrap_or_else(bare);
    let mut after = patch.apply(&before);
    if let Some(codes) = permissions {
        after.permissions = granted(
            &before.permissions,
            codes,
            now,
            |code| catalogue.permission(code).is_some(),
            "permissions",
        )?;
    }
    if let Some(codes) = modules {
        after.modules = granted(
            &before.modules,
            codes,
            now,
            |code| catalogue.module(code).is_some(),
            "modules",
        )?;
    }
    stays_on(Kind::Role, code, after.is_active)?;
    if code.as_str() == SUPER_ADMIN && after.level != before.level {
        return Err(AdministerRefusal::SystemRole.into());
    }
    let grants = |role: &Role| (role.permissions.clone(), role.modules.clone());
    let event = match known {
        None => Event::RoleCreated,
        Some(_) if grants(&before) != grants(&after) => Event::PermissionsChanged,
        Some(_) => Event::RoleUpdated,
    };
    if known.is_some() && after != before {
        after.version += 1;
        after.updated_at = now;
    }
    Ok((Definition::Role(after), event))
}

/// Exactly these grants: those that were there stay as they were given.
fn granted(
    before: &BTreeMap<Code, Grant>,
    wanted: &BTreeSet<Code>,
    now: Timestamp,
    is_known: impl Fn(&str) -> bool,
    field: &'static str,
) -> Result<BTreeMap<Code, Grant>, AdministerError> {
    let grant = |code: &Code| {
        if !is_known(code.as_str()) {
            return Err(AdministerRefusal::Invalid(
                field,
                Violation::new("unknown_code", format!("{code} does not exist.")),
            )
            .into());
        }
        let given =
            before.get(code).copied().unwrap_or(Grant { granted_by: None, granted_at: now });
        Ok((code.clone(), given))
    };
    wanted.iter().map(grant).collect()
}
