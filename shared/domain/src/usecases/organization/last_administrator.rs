//! An organization that has other members keeps somebody who administers it.

use crate::{
    model::{
        account::AccountStatus,
        clock::Timestamp,
        ids::UserId,
        organization::{
            AccountState, Membership, MembershipStatus, Memberships, PLATFORM, UserWithMemberships,
        },
        permission::{Catalogue, EffectiveRoles, Question, Right, Subject},
    },
    ports::{Crypto, Ports, Store},
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

/// Refuses a change of an account by which an organization with other members would lose its last
/// administrator. Answers the accounts of those who stay: the change MUST be made only while they
/// are so, or two who remove each other at once would both be gone.
pub(crate) async fn keeps_administrators(
    ports: &Ports<impl Store, impl Crypto>,
    catalogue: &Catalogue,
    caller: Option<&UserWithMemberships>,
    before: &UserWithMemberships,
    after: &UserWithMemberships,
) -> Result<Vec<AccountState>, UseCaseError<LastAdministrator>> {
    let now = ports.clock.now();
    let mut relied_on = Vec::new();
    for membership in before.memberships.iter() {
        let organization = membership.organization.as_str();
        // Super admins administer that one, and the last of them stays.
        if organization == PLATFORM
            || !administers(before, organization, catalogue, now)
            || administers(after, organization, catalogue, now)
        {
            continue;
        }
        let stays = |one: &UserWithMemberships| {
            one.user.id != before.user.id && administers(one, organization, catalogue, now)
        };
        match caller.filter(|caller| stays(caller)) {
            Some(caller) => relied_on.push(caller.state()),
            None => {
                relied_on.extend(another(ports, organization, before.user.id, stays).await?);
            }
        }
    }
    Ok(relied_on)
}

/// Another member who administers an organization; none where there is no other member.
async fn another(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    leaves: UserId,
    stays: impl Fn(&UserWithMemberships) -> bool,
) -> Result<Option<AccountState>, UseCaseError<LastAdministrator>> {
    let (mut after, mut is_alone) = (None, true);
    loop {
        let members = ports.store.members(organization, after, BATCH).await?;
        let ids: Vec<UserId> =
            members.iter().map(|one| one.user_id).filter(|id| *id != leaves).collect();
        let people = ports.store.users_with_memberships(&ids).await?;
        if let Some(found) = people.iter().find(|one| stays(one)) {
            return Ok(Some(found.state()));
        }
        is_alone &= people.iter().all(|one| one.user.status == AccountStatus::Deleted);
        if members.len() < BATCH {
            break;
        }
        after = members.last().map(|one| one.user_id);
    }
    if is_alone { Ok(None) } else { Err(LastAdministrator.into()) }
}

/// Whether somebody administers an organization for good: active, a member, and with
/// `users.manage` and `roles.assign` by roles that have begun and have no end.
fn administers(
    person: &UserWithMemberships,
    organization: &str,
    catalogue: &Catalogue,
    now: Timestamp,
) -> bool {
    let Some(membership) = person.memberships.of(organization) else {
        return false;
    };
    let mut roles = membership.roles.clone();
    roles.retain(|one| one.expires_at.is_none());
    let memberships = Memberships::new(vec![Membership { roles, ..membership.clone() }]);
    let subject = Subject {
        user: &person.user,
        memberships: &memberships,
        organization: Some(organization),
        organization_is_active: membership.status == MembershipStatus::Active,
    };
    let roles = EffectiveRoles::new(subject, catalogue, now);
    [Right::ManageUsers, Right::AssignRoles]
        .iter()
        .all(|right| roles.decide(Question::Permission(right.code())).is_allowed())
}
