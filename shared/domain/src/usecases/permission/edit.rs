use super::change::{Edited, change, create, find};
use crate::{
    model::{
        authorization::Authorization,
        client::Client,
        clock::Timestamp,
        code::Code,
        event::Event,
        idempotency::Idempotency,
        patch::Patch,
        permission::{Action, Catalogue, Definition, Kind, Module, Permission, is_built_in},
        process::Process,
        violation::Violation,
        words::{Line, Paragraph},
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, matches, set},
        commit::Created,
    },
};

/// A module that is to be.
#[derive(Debug, Clone)]
pub struct NewModule {
    pub code: Code,
    pub fields: ModuleFields,
}

/// What a module says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleFields {
    pub name: Line<100>,
    pub description: Option<Paragraph>,
    /// Where it stands in lists.
    pub order: i32,
    /// What a client draws beside it.
    pub icon: Option<Line<50>>,
    /// Whether it gives anything.
    pub is_active: bool,
}

/// A change of a module: `None` leaves a field, `Some(None)` clears it (RFC 7396).
#[derive(Debug, Clone, Default)]
pub struct ModulePatch {
    pub name: Option<Line<100>>,
    pub description: Patch<Paragraph>,
    /// Where it stands in lists.
    pub order: Option<i32>,
    /// What a client draws beside it.
    pub icon: Patch<Line<50>>,
    /// Whether it gives anything.
    pub is_active: Option<bool>,
}

impl NewModule {
    pub(crate) fn made(self, now: Timestamp) -> Module {
        let Self { code, fields: ModuleFields { name, description, order, icon, is_active } } =
            self;
        Module {
            code,
            name,
            description,
            order,
            icon,
            is_active,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

impl ModulePatch {
    pub(crate) fn apply(&self, before: &Module, now: Timestamp) -> Module {
        let mut after = before.clone();
        set(&mut after.name, self.name.as_ref());
        self.description.apply(&mut after.description);
        set(&mut after.order, self.order.as_ref());
        self.icon.apply(&mut after.icon);
        set(&mut after.is_active, self.is_active.as_ref());
        if after != *before {
            after.version += 1;
            after.updated_at = now;
        }
        after
    }
}

pub async fn create_module(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    new: NewModule,
    idempotency: Option<&Idempotency<'_, Definition>>,
    client: &Client,
) -> Result<Created<Definition>, AdministerError> {
    let module = new.made(ports.clock.now());
    create(ports, authorization, Definition::Module(module), idempotency, client, |_| Ok(())).await
}

pub async fn update_module(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    code: &str,
    patch: &ModulePatch,
    if_match: Option<u64>,
    client: &Client,
) -> Result<Definition, AdministerError> {
    let edit = |catalogue: &Catalogue| {
        let before =
            catalogue.module(code).cloned().ok_or(AdministerRefusal::NotFound("module"))?;
        matches(if_match, before.version)?;
        let after = patch.apply(&before, ports.clock.now());
        let turned_on = after.is_active && !before.is_active;
        let of_module =
            catalogue.permissions().into_iter().filter(|one| one.module.as_str() == code);
        may_turn(
            authorization,
            catalogue,
            ports,
            turned_on,
            Some(code),
            &of_module.map(|one| one.code.as_str()).collect::<Vec<_>>(),
        )?;
        if !after.is_active && is_built_in(Kind::Module, code) {
            return Err(AdministerRefusal::BuiltIn.into());
        }
        Ok(Edited {
            before: Definition::Module(before),
            after: Definition::Module(after),
            event: Event::ModuleUpdated,
        })
    };
    change(ports, authorization, client, edit).await
}

/// A permission that is to be.
#[derive(Debug, Clone)]
pub struct NewPermission {
    pub code: Code,
    /// The module that it belongs to.
    pub module: Code,
    pub name: Line<100>,
    pub description: Option<Paragraph>,
    /// What kind of doing it is.
    pub action: Action,
    /// Whether it gives anything.
    pub is_active: bool,
}

/// A change of a permission. Its module is for good: in another one it would be another permission.
#[derive(Debug, Clone, Default)]
pub struct PermissionPatch {
    pub name: Option<Line<100>>,
    pub description: Patch<Paragraph>,
    /// What kind of doing it is.
    pub action: Option<Action>,
    /// Whether it gives anything.
    pub is_active: Option<bool>,
}

impl NewPermission {
    pub(crate) fn made(self, now: Timestamp) -> Permission {
        let Self { code, module, name, description, action, is_active } = self;
        Permission {
            code,
            module,
            name,
            description,
            action,
            is_active,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

impl PermissionPatch {
    pub(crate) fn apply(&self, before: &Permission, now: Timestamp) -> Permission {
        let mut after = before.clone();
        set(&mut after.name, self.name.as_ref());
        self.description.apply(&mut after.description);
        set(&mut after.action, self.action.as_ref());
        set(&mut after.is_active, self.is_active.as_ref());
        if after != *before {
            after.version += 1;
            after.updated_at = now;
        }
        after
    }
}

/// Makes a permission in a module that is there.
pub async fn create_permission(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    new: NewPermission,
    idempotency: Option<&Idempotency<'_, Definition>>,
    client: &Client,
) -> Result<Created<Definition>, AdministerError> {
    let permission = new.made(ports.clock.now());
    let of = permission.module.clone();
    let has_module = |catalogue: &Catalogue| match catalogue.module(of.as_str()) {
        Some(_) => Ok(()),
        None => Err(AdministerRefusal::Invalid(
            "module",
            Violation::new("unknown_module", "This module does not exist."),
        )
        .into()),
    };
    create(
        ports,
        authorization,
        Definition::Permission(permission),
        idempotency,
        client,
        has_module,
    )
    .await
}

pub async fn update_permission(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    code: &str,
    patch: &PermissionPatch,
    if_match: Option<u64>,
    client: &Client,
) -> Result<Definition, AdministerError> {
    let edit = |catalogue: &Catalogue| {
        let before =
            catalogue.permission(code).cloned().ok_or(AdministerRefusal::NotFound("permission"))?;
        matches(if_match, before.version)?;
        let after = patch.apply(&before, ports.clock.now());
        let turned_on = after.is_active && !before.is_active;
        may_turn(authorization, catalogue, ports, turned_on, None, &[code])?;
        if !after.is_active && is_built_in(Kind::Permission, code) {
            return Err(AdministerRefusal::BuiltIn.into());
        }
        let event = Event::PermissionUpdated;
        Ok(Edited {
            before: Definition::Permission(before),
            after: Definition::Permission(after),
            event,
        })
    };
    change(ports, authorization, client, edit).await
}

/// Switching a module or permissions on gives them to whoever has a role with them: nobody gives
/// what they would not have themselves. What no role has is given to nobody.
fn may_turn(
    authorization: &Authorization,
    catalogue: &Catalogue,
    process: &Process,
    turned_on: bool,
    module: Option<&str>,
    permissions: &[&str],
) -> Result<(), AdministerError> {
    let authority = authorization.authority_until(catalogue, process.clock.now(), None);
    let has_module = module
        .is_none_or(|module| catalogue.opening(module).is_empty() || authority.has_module(module));
    let has = |code: &&str| catalogue.granting(code).is_empty() || authority.has_permission(code);
    if turned_on && !(has_module && permissions.iter().all(has)) {
        return Err(AdministerRefusal::AboveYourLevel.into());
    }
    Ok(())
}

/// One definition, by its code.
pub fn definition(
    authorization: &Authorization,
    kind: Kind,
    code: &str,
) -> Result<Definition, AdministerError> {
    find(authorization.catalogue(), kind, code)
}
