//! Service accounts.

use crate::{
    model::{
        account::{PersonName, User},
        activity::PendingEvents,
        code::Code,
        event::Event,
        idempotency::Idempotency,
        organization::{
            Assignment, Member, Membership, MembershipStatus, Memberships, UserWithMemberships,
        },
        violation::Violation,
    },
    ports::{Crypto, NewAccount, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator},
        commit::{Created, commit_on},
        idempotency,
        invitation::may_give,
        organization::known_organization,
        permission::renewed,
    },
};

/// A program that is to have an account.
#[derive(Debug, Clone)]
pub struct NewService {
    /// What people call it.
    pub name: PersonName,
    /// Where it belongs, and nowhere else: the caller's own organization, where none is said.
    pub organization: Option<Code>,
    /// What it has there, the primary role first.
    pub roles: Vec<Code>,
}

/// Makes a program's account with its membership, active at once. It calls with keys: it has
/// neither address nor password.
pub async fn create_service(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, .. }: Administrator<'_>,
    order: &NewService,
    idempotency: Option<&Idempotency<'_, UserWithMemberships>>,
) -> Result<Created<UserWithMemberships>, AdministerError> {
    let load = || renewed(ports, authorization);
    let made = commit_on(authorization.clone(), load, |authorization| async move {
        let (id, now) = (ports.id(), ports.clock.now());
        let asked = order.organization.as_ref().map(Code::as_str);
        let asked = asked.or(authorization.organization()).ok_or_else(|| {
            let violation = Violation::new("required", "Say where it belongs.");
            AdministerRefusal::Invalid("organization", violation)
        })?;
        let place = known_organization(ports, &authorization, asked).await?;
        let (log, code) = (place.log_key(), place.code);
        let granted_roles =
            may_give(ports, &authorization, code.as_str(), &order.roles, now).await?;
        let user = User::service(id, order.name.clone(), log.clone(), now);
        let user = user.map_err(|violation| AdministerRefusal::Invalid("name", violation))?;
        let given =
            |role: &Code| Assignment { role: role.clone(), starts_at: None, expires_at: None };
        let membership = Membership {
            id: log.id(),
            roles: order.roles.iter().map(given).collect(),
            ..Membership::new(code.clone(), MembershipStatus::Active)
        };
        let record = authorization
            .record_of(ports, Event::ServiceCreated, client, &log, &user)
            .with("name", order.name.as_str())
            .with("roles", order.roles.iter().map(Code::as_str).collect::<Vec<_>>());
        let member = Member::new(code, id, membership.status, now);
        let person = UserWithMemberships {
            user: user.clone(),
            memberships: Memberships::new(vec![membership.clone()]),
            memberships_version: 0,
            last_login_at: None,
        };
        let membership = Some((membership, member));
        let account = NewAccount { membership, granted_roles, ..NewAccount::new(user, None) };
        let remembered = idempotency::record(ports, idempotency, &person, now).await?;
        let (store, events) = (&ports.store, PendingEvents::new(record));
        store.create_account(&account, &events, remembered.as_ref(), now, ports.id()).await?;
        Ok(person)
    });
    Created::of(ports, idempotency, made.await).await
}
