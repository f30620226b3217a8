use super::change::{Edited, change, create, find};
use crate::{
    model::{
        authorization::Authorization,
        client::Client,
        code::Code,
        event::Event,
        idempotency::Idempotency,
        permission::{
            Catalogue, Definition, Kind, Module, ModuleFields, ModulePatch, Permission,
            PermissionFields, PermissionPatch, is_built_in,
        },
        process::Process,
        violation::Violation,
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, matches},
        commit::Created,
    },
};

pub async fn create_module(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    (code, fields): (Code, ModuleFields),
    idempotency: Option<&Idempotency<'_, Definition>>,
    client: &Client,
) -> Result<Created<Definition>, AdministerError> {
    let module = Definition::Module(Module::new(code, fields, ports.clock.now()));
    create(ports, authorization, module, idempotency, client, |_| Ok(())).await
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
        let after = before.changed(|fields| patch.apply(fields), ports.clock.now());
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

/// Makes a permission in a module that is there.
pub async fn create_permission(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    (code, fields): (Code, PermissionFields),
    idempotency: Option<&Idempotency<'_, Definition>>,
    client: &Client,
) -> Result<Created<Definition>, AdministerError> {
    let of = fields.module.clone();
    let permission = Definition::Permission(Permission::new(code, fields, ports.clock.now()));
    let has_module = |catalogue: &Catalogue| match catalogue.module(of.as_str()) {
        Some(_) => Ok(()),
        None => Err(AdministerRefusal::Invalid(
            "module",
            Violation::new("unknown_module", "This module does not exist."),
        )
        .into()),
    };
    create(ports, authorization, permission, idempotency, client, has_module).await
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
        let after = before.changed(|fields| patch.apply(fields), ports.clock.now());
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
