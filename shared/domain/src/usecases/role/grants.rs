use crate::{
    model::{
        authorization::Authorization,
        client::Client,
        code::Code,
        event::Event,
        permission::{Catalogue, Definition},
        process::Process,
        role::{Grant, Role, RoleFields},
        violation::Violation,
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, matches},
        permission::{Edited, change},
    },
};

/// What a role is given or loses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grantable<'a> {
    Permission(&'a str),
    Module(&'a str),
}

/// A grant, and whether it is new.
#[derive(Debug, Clone)]
pub struct Granted {
    pub code: Code,
    /// By whom and when.
    pub grant: Grant,
    /// Whether the role did not have it before.
    pub is_new: bool,
}

impl Grantable<'_> {
    /// Its code in the catalogue.
    fn code(self, catalogue: &Catalogue) -> Result<Code, AdministerError> {
        match self {
            Self::Permission(code) => catalogue.permission(code).map(|one| one.code.clone()),
            Self::Module(code) => catalogue.module(code).map(|one| one.code.clone()),
        }
        .ok_or(AdministerRefusal::NotFound("permission or module").into())
    }

    fn grants(self, role: &RoleFields) -> &std::collections::BTreeMap<Code, Grant> {
        match self {
            Self::Permission(_) => &role.permissions,
            Self::Module(_) => &role.modules,
        }
    }

    fn grants_mut(self, role: &mut RoleFields) -> &mut std::collections::BTreeMap<Code, Grant> {
        match self {
            Self::Permission(_) => &mut role.permissions,
            Self::Module(_) => &mut role.modules,
        }
    }
}

/// The most permissions, and the most modules, of one role: it is one item.
const MOST_GRANTS: usize = 1000;

/// Gives a role something that the caller has. Again changes nothing: the first grant stays.
pub async fn grant(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    (role, grantable): (&str, Grantable<'_>),
    if_match: Option<u64>,
    client: &Client,
) -> Result<Granted, AdministerError> {
    let had = authorization
        .catalogue()
        .role(role)
        .map(|role| grantable.grants(role).clone())
        .unwrap_or_default();
    let code = grantable.code(authorization.catalogue())?;
    let edit = |catalogue: &Catalogue| {
        let before = reachable(ports, authorization, catalogue, role)?;
        matches(if_match, before.version)?;
        let code = grantable.code(catalogue)?;
        let authority = authorization.authority_until(catalogue, ports.clock.now(), None);
        let has = match grantable {
            Grantable::Permission(code) => authority.has_permission(code),
            Grantable::Module(code) => authority.has_module(code),
        };
        if !has {
            return Err(AdministerRefusal::AboveYourLevel.into());
        }
        let now = ports.clock.now();
        if grantable.grants(&before).len() >= MOST_GRANTS {
            let violation = Violation::new(
                "too_many",
                format!("A role has at most {MOST_GRANTS} grants of each kind."),
            );
            return Err(AdministerRefusal::Invalid("role", violation).into());
        }
        let granted = Grant { granted_by: authorization.user_id(), granted_at: now };
        let grant = |fields: &mut RoleFields| {
            grantable.grants_mut(fields).entry(code).or_insert(granted);
        };
        let after = before.changed(grant, now);
        Ok(edited(before, after))
    };
    let Definition::Role(after) = change(ports, authorization, client, edit).await? else {
        return Err(AdministerRefusal::NotFound("role").into());
    };
    let grant = grantable
        .grants(&after)
        .get(code.as_str())
        .copied()
        .ok_or(AdministerRefusal::NotFound("role"))?;
    let is_new = had.get(code.as_str()) != Some(&grant);
    Ok(Granted { code, grant, is_new })
}

/// Takes something from a role that is not above the caller.
pub async fn revoke(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    (role, grantable): (&str, Grantable<'_>),
    if_match: Option<u64>,
    client: &Client,
) -> Result<(), AdministerError> {
    let edit = |catalogue: &Catalogue| {
        let before = reachable(ports, authorization, catalogue, role)?;
        matches(if_match, before.version)?;
        let code = match grantable {
            Grantable::Permission(code) | Grantable::Module(code) => code,
        };
        if !grantable.grants(&before).contains_key(code) {
            return Err(AdministerRefusal::NotFound("grant").into());
        }
        let revoke = |fields: &mut RoleFields| {
            grantable.grants_mut(fields).remove(code);
        };
        let after = before.changed(revoke, ports.clock.now());
        authorization.keeps_own_power(
            catalogue,
            &catalogue.with(Definition::Role(after.clone())),
            ports.clock.now(),
        )?;
        Ok(edited(before, after))
    };
    change(ports, authorization, client, edit).await.map(drop)
}

fn reachable(
    process: &Process,
    authorization: &Authorization,
    catalogue: &Catalogue,
    role: &str,
) -> Result<Role, AdministerError> {
    let role = catalogue.role(role).cloned().ok_or(AdministerRefusal::NotFound("role"))?;
    if authorization.authority(catalogue, process.clock.now()).reaches_role(&role) {
        Ok(role)
    } else {
        Err(AdministerRefusal::AboveYourLevel.into())
    }
}

fn edited(before: Role, after: Role) -> Edited {
    Edited {
        before: Definition::Role(before),
        after: Definition::Role(after),
        event: Event::PermissionsChanged,
    }
}
