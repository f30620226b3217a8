use super::last_administrator::keeps_administrators;
use crate::{
    model::{
        activity::AllowedOn,
        authorization::Authorization,
        clock::Timestamp,
        organization::{Memberships, UserWithMemberships},
        permission::{Question, Right, Subject, decide, level_of},
        role::Level,
        session::Caller,
    },
    ports::{Crypto, Ports, Store},
    usecases::administration::{AdministerError, AdministerRefusal},
};

/// Whether the caller may change what a person has in an organization: nobody touches a member
/// above their own level.
pub(crate) fn acts_on(
    authorization: &Authorization,
    person: &UserWithMemberships,
    organization: &str,
    now: Timestamp,
) -> Result<(), AdministerError> {
    let catalogue = authorization.catalogue();
    let level = person
        .memberships
        .of(organization)
        .map_or(Level::NONE, |membership| level_of(membership, catalogue, now));
    let is_above = !authorization.authority(catalogue, now).reaches(level)
        || person.memberships.holds_super_admin();
    if is_above && !authorization.is_super_admin() {
        Err(AdministerRefusal::AboveYourLevel.into())
    } else {
        Ok(())
    }
}

/// Refuses a change by which an organization would lose its last administrator, or the caller their
/// own administration: somebody else has to take that. Answers what the change relies on.
pub(crate) async fn keeps_power(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    person: &UserWithMemberships,
    after: &Memberships,
) -> Result<Vec<AllowedOn>, AdministerError> {
    let caller = authorization.caller().map(Caller::person);
    let is_to_be = UserWithMemberships { memberships: after.clone(), ..person.clone() };
    let catalogue = authorization.catalogue();
    let relied_on = keeps_administrators(ports, catalogue, caller, person, &is_to_be).await;
    let relied_on = relied_on.map_err(|error| error.map(AdministerRefusal::from))?;
    keeps_own_power(ports, authorization, person, after).await?;
    Ok(relied_on)
}

async fn keeps_own_power(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    person: &UserWithMemberships,
    after: &Memberships,
) -> Result<(), AdministerError> {
    let Some(caller) = authorization.caller().filter(|caller| caller.user().id == person.user.id)
    else {
        return Ok(());
    };
    if person.memberships.is_super_admin() && !after.is_super_admin() {
        let is_last = ports.store.super_admins().await? <= 1;
        let refusal = if is_last {
            AdministerRefusal::LastSuperAdmin
        } else {
            AdministerRefusal::OwnLastAdminRole
        };
        return Err(refusal.into());
    }
    let organization = caller.organization();
    let administers = |memberships: &Memberships| {
        let subject = Subject {
            user: &person.user,
            memberships,
            organization,
            organization_is_active: organization.is_some(),
            scopes: None,
        };
        let question = Question::Permission(Right::AssignRoles.code());
        decide(subject, authorization.catalogue(), question, ports.clock.now()).is_allowed()
    };
    if administers(&person.memberships) && !administers(after) {
        Err(AdministerRefusal::OwnLastAdminRole.into())
    } else {
        Ok(())
    }
}
