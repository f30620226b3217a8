use crate::{
    model::{
        code::{Code, organization_of},
        event::Event,
        permission::{Catalogue, Definition},
        role::{Grant, Role, RoleFields},
        violation::Violation,
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator, matches},
        permission::{Rules, change, within},
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

/// The most grants of all roles together: every process holds them.
const MOST_GRANTS_OF_ALL: usize = 20_000;

/// The most grants of all of an organization's own roles together.
const MOST_GRANTS_OF_OWN: usize = 5_000;

/// Gives a role something that the caller has. Again changes nothing: the first grant stays.
pub async fn grant(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    role: &str,
    grantable: Grantable<'_>,
) -> Result<Granted, AdministerError> {
    let authorization = &within(ports, by.authorization, organization_of(role), "role").await?;
    let had = authorization
        .catalogue()
        .role(role)
        .map(|role| grantable.grants(role).clone())
        .unwrap_or_default();
    let code = grantable.code(authorization.catalogue())?;
    let next = |before: &Role, rules: &Rules<'_>| {
        reaches(before, rules)?;
        let code = grantable.code(rules.catalogue)?;
        let authority = rules.authorization.authority_until(rules.catalogue, rules.now, None);
        let has = match grantable {
            Grantable::Permission(code) => authority.has_permission(code),
            Grantable::Module(code) => authority.has_module(code),
        };
        if !has {
            return Err(AdministerRefusal::AboveYourLevel.into());
        }
        let granted = Grant { granted_by: authorization.user_id(), granted_at: rules.now };
        let grant = |fields: &mut RoleFields| {
            grantable.grants_mut(fields).entry(code).or_insert(granted);
        };
        let after = before.changed(grant, rules.now);
        has_room(Some(before), &after, rules.catalogue)?;
        Ok(after)
    };
    let after = change(ports, by, role, Event::PermissionsChanged, next).await?;
    let grant = grantable
        .grants(&after)
        .get(code.as_str())
        .copied()
        .ok_or(AdministerRefusal::NotFound("role"))?;
    let is_new = had.get(code.as_str()) != Some(&grant);
    Ok(Granted { code, grant, is_new })
}

/// Refuses a change that gives a role more than there may be.
pub(crate) fn has_room(
    before: Option<&RoleFields>,
    after: &RoleFields,
    catalogue: &Catalogue,
) -> Result<(), AdministerError> {
    let of = |role: &RoleFields| [role.permissions.len(), role.modules.len()];
    let (had, has) = (before.map_or([0, 0], of), of(after));
    let is_own = |role: &Role| role.organization.is_some();
    let of_all =
        catalogue.roles().into_iter().filter(|role| is_own(role) == after.organization.is_some());
    let of_all: usize = of_all.flat_map(|role| of(role)).sum();
    let most = if after.organization.is_some() { MOST_GRANTS_OF_OWN } else { MOST_GRANTS_OF_ALL };
    let more = has.iter().sum::<usize>().saturating_sub(had.iter().sum());
    let is_beyond = |(had, has): (&usize, &usize)| has > had && *has > MOST_GRANTS;
    let message = if had.iter().zip(&has).any(is_beyond) {
        format!("A role has at most {MOST_GRANTS} grants of each kind.")
    } else if more > 0 && of_all + more > most {
        format!("All roles together have at most {most} grants.")
    } else {
        return Ok(());
    };
    Err(AdministerRefusal::Invalid("role", Violation::new("too_many", message)).into())
}

/// Takes something from a role that is not above the caller.
pub async fn revoke(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    role: &str,
    grantable: Grantable<'_>,
) -> Result<(), AdministerError> {
    let next = |before: &Role, rules: &Rules<'_>| {
        reaches(before, rules)?;
        // A stale version says so before what it lacks does.
        matches(by.if_match, before.version)?;
        let (Grantable::Permission(code) | Grantable::Module(code)) = grantable;
        if !grantable.grants(before).contains_key(code) {
            return Err(AdministerRefusal::NotFound("grant").into());
        }
        let revoke = |fields: &mut RoleFields| {
            grantable.grants_mut(fields).remove(code);
        };
        let after = before.changed(revoke, rules.now);
        let next = rules.catalogue.with(Definition::Role(after.clone()));
        rules.authorization.keeps_own_power(rules.catalogue, &next, rules.now)?;
        Ok(after)
    };
    change(ports, by, role, Event::PermissionsChanged, next).await.map(drop)
}

fn reaches(role: &Role, rules: &Rules<'_>) -> Result<(), AdministerError> {
    if rules.authorization.authority(rules.catalogue, rules.now).may_define(role) {
        Ok(())
    } else {
        Err(AdministerRefusal::AboveYourLevel.into())
    }
}
