use std::collections::{BTreeMap, BTreeSet};

use super::change::Change;
use crate::{
    model::{
        client::Client,
        clock::Timestamp,
        code::Code,
        event::Event,
        fields::Fields,
        permission::{
            Catalogue, Definition, Kind, Module, ModuleFields, ModulePatch, Permission,
            PermissionFields, PermissionPatch, is_built_in,
        },
        role::{Grant, Level, Role, RoleFields, RolePatch, SUPER_ADMIN},
        violation::Violation,
        words::Line,
    },
    ports::{Crypto, Ports, Store, Unique},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator},
        permission::{Defined, Edit, operator, write},
        role,
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
        let was = before.as_ref().map(Definition::audited);
        changes.push(Change::new(
            what(&after),
            after.code().as_str(),
            was.as_ref(),
            &after.audited(),
        ));
        if dry_run {
            catalogue = catalogue.with(after);
        } else {
            let by = Administrator { authorization: &authorization, client, if_match: None };
            write(ports, by, (None, "organization"), None, |rules| one.edit(rules.catalogue, now))
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
        let mut fields = ModuleFields::new(Line::known(code.as_str()));
        fields.patch(patch);
        let module = Module::new(code.clone(), fields, now);
        ModuleFields::has_room(&module, catalogue)?;
        return Ok((Definition::Module(module), Event::ModuleCreated));
    };
    let after = before.changed(|fields| fields.patch(patch), now);
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
        let mut fields = PermissionFields::new(module.clone(), Line::known(code.as_str()), action);
        fields.patch(patch);
        let permission = Permission::new(code.clone(), fields, now);
        PermissionFields::has_room(&permission, catalogue)?;
        return Ok((Definition::Permission(permission), Event::PermissionCreated));
    };
    if before.module != *module {
        return Err(
            invalid("module", "fixed", "The module of a permission cannot be changed.").into()
        );
    }
    let after = before.changed(|fields| fields.patch(patch), now);
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
    let mut fields = match known {
        Some(known) => known.fields.clone(),
        None => RoleFields::new(Line::known(code.as_str()), Level::LOWEST),
    };
    fields.patch(patch);
    if let Some(codes) = permissions {
        let is_known = |code: &str| catalogue.permission(code).is_some();
        fields.permissions = granted(&fields.permissions, codes, now, is_known, "permissions")?;
    }
    if let Some(codes) = modules {
        let is_known = |code: &str| catalogue.module(code).is_some();
        fields.modules = granted(&fields.modules, codes, now, is_known, "modules")?;
    }
    stays_on(Kind::Role, code, fields.is_active)?;
    role::has_room(known.map(|known| &known.fields), &fields, catalogue)?;
    let Some(before) = known else {
        let role = Role::new(code.clone(), fields, now);
        RoleFields::has_room(&role, catalogue)?;
        return Ok((Definition::Role(role), Event::RoleCreated));
    };
    if code.as_str() == SUPER_ADMIN && fields.level != before.level {
        return Err(AdministerRefusal::SystemRole.into());
    }
    let grants = |role: &RoleFields| (role.permissions.clone(), role.modules.clone());
    let event = if grants(before) == grants(&fields) {
        Event::RoleUpdated
    } else {
        Event::PermissionsChanged
    };
    let after = before.changed(|before| *before = fields, now);
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
