//! An organization that has other members keeps somebody who administers it.

use crate::{
    model::{
        account::AccountStatus,
        activity::AllowedOn,
        clock::Timestamp,
        ids::UserId,
        organization::{
            AccountState, Membership, MembershipStatus, Memberships, UserWithMemberships,
        },
        permission::{Catalogue, EffectiveRoles, Question, Right, Subject},
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::{
        administration::AdministerRefusal,
        error::{Refusal, UseCaseError, refusals},
    },
};

/// Nobody could administer an organization any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that is the last administrator of an organization")]
pub struct LastAdministrator;

impl Refusal for LastAdministrator {}
refusals!(LastAdministrator);

impl From<LastAdministrator> for AdministerRefusal {
    fn from(LastAdministrator: LastAdministrator) -> Self {
        Self::LastAdministrator
    }
}

/// How many members are looked at at once: what a batch of DynamoDB takes.
const BATCH: usize = 100;

/// Refuses a change of an organization's own role by which it would lose its last administrator,
/// though it has other members. Answers what stays: the change MUST be made only while it is so.
pub(crate) async fn keeps_administered(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    before: &Catalogue,
    after: &Catalogue,
) -> Result<Option<AllowedOn>, UseCaseError<LastAdministrator>> {
    let now = ports.clock.now();
    let mut was_administered = false;
    let stays = |one: &UserWithMemberships| {
        was_administered |= administers(one, organization, before, now);
        administers(one, organization, after, now)
    };
    match look(ports, organization, stays).await? {
        Found::Administrator(state) => Ok(Some(AllowedOn::Account(state))),
        Found::Nobody { living } if was_administered && living > 1 => Err(LastAdministrator.into()),
        Found::Nobody { .. } => Ok(None),
    }
}

/// Who administers an organization.
pub(crate) enum Found {
    Administrator(AccountState),
    /// So many members have an account that is not deleted, and is no program's.
    Nobody {
        living: usize,
    },
}

/// Looks for a member who stays.
pub(crate) async fn look(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    mut stays: impl FnMut(&UserWithMemberships) -> bool + Send,
) -> Result<Found, StoreError> {
    let (mut after, mut living) = (None, 0);
    loop {
        let members = ports.store.members(organization, after, BATCH).await?;
        let ids: Vec<UserId> = members.iter().map(|one| one.user_id).collect();
        let people = ports.store.users_with_memberships(&ids).await?;
        if let Some(found) = people.iter().find(|one| stays(one)) {
            return Ok(Found::Administrator(found.state()));
        }
        let is_living = |one: &&UserWithMemberships| {
            one.user.status != AccountStatus::Deleted && !one.user.is_service_account()
        };
        living += people.iter().filter(is_living).count();
        if members.len() < BATCH {
            return Ok(Found::Nobody { living });
        }
        after = members.last().map(|one| one.user_id);
    }
}

/// Whether somebody administers an organization for good: active, a member who can sign in, and
/// with `users.manage` and `roles.assign` by roles that have begun and have no end.
pub(crate) fn administers(
    person: &UserWithMemberships,
    organization: &str,
    catalogue: &Catalogue,
    now: Timestamp,
) -> bool {
    let Some(membership) = person.memberships.of(organization) else {
        return false;
    };
    if person.user.is_service_account() {
        return false;
    }
    let mut roles = membership.roles.clone();
    roles.retain(|one| one.expires_at.is_none());
    let memberships = Memberships::new(vec![Membership { roles, ..membership.clone() }]);
    let subject = Subject {
        user: &person.user,
        memberships: &memberships,
        organization: Some(organization),
        organization_is_active: membership.status == MembershipStatus::Active,
        scopes: None,
    };
    let roles = EffectiveRoles::new(subject, catalogue, now);
    [Right::ManageUsers, Right::AssignRoles]
        .iter()
        .all(|right| roles.decide(Question::Permission(right.code())).is_allowed())
}
