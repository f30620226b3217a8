use std::collections::BTreeMap;

use futures::future::try_join_all;

use super::administer::is_seen;
use crate::{
    model::{
        account::{AccountStatus, Email, Username},
        authorization::Authorization,
        clock::Timestamp,
        code::Code,
        ids::UserId,
        organization::{LogKey, Membership, Memberships, PLATFORM, UserWithMemberships},
        people::{ListedPerson, PeopleList, PeoplePosition},
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::{
        people,
        walk::{BATCH, Walked, walk},
    },
};

/// Which users are asked for; all that are given have to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    pub email: Option<Email>,
    pub username: Option<Username>,
    /// This very employee id, in the organization that is asked for or the caller's.
    pub employee_id: Option<String>,
    /// What the username, the first, the last or the whole name begins with, whatever its case.
    pub name: Option<String>,
    /// The same, or what the address begins with.
    pub q: Option<String>,
    /// The account's status; deleted ones are shown only when asked for.
    pub status: Option<AccountStatus>,
    /// A role that they have in the organization that is asked for; without one, in any that the
    /// caller sees.
    pub role: Option<Code>,
    pub organization: Option<Code>,
    /// Whoever has not signed in since; those who never did count from when the account was made.
    pub inactive_since: Option<Timestamp>,
}

/// A page of the users that the caller may know of, behind a position; and where the next page
/// begins. They are sorted as the list is that has them ([`PeopleList`]); by id as long as the
/// lists have not everybody yet.
pub async fn users(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    filter: &UserFilter,
    after: Option<PeoplePosition>,
    limit: usize,
) -> Result<(Vec<UserWithMemberships>, Option<PeoplePosition>), StoreError> {
    let asked = filter.organization.as_ref().map(Code::as_str);
    let scope =
        if authorization.is_super_admin() { asked } else { asked.or(authorization.organization()) };
    if !authorization.is_super_admin() && scope.is_none_or(|scope| !authorization.sees(scope)) {
        return Ok((Vec::new(), None));
    }
    let is_asked = &|person: &UserWithMemberships| {
        is_seen(authorization, person) && filter.matches(person, scope)
    };
    let shown = &|person: UserWithMemberships| {
        let memberships = person.memberships.within(scope);
        UserWithMemberships { memberships, ..person }.seen_by(authorization)
    };
    if filter.is_exact() {
        let found =
            exact(ports, filter, scope.or(authorization.organization()).unwrap_or(PLATFORM))
                .await?;
        let found = found.into_iter().filter(|person| is_asked(person) && after.is_none());
        return Ok((found.map(shown).collect(), None));
    }
    let after = match after {
        Some(PeoplePosition::Walked(id)) => Some(id),
        None if !ports.store.has_everybody().await? => None,
        after => {
            let after = after.and_then(PeoplePosition::listed);
            let list = filter.list(scope);
            // Whoever is in the list of a role has it: the lists do not show roles.
            let filter = &UserFilter { role: None, ..filter.clone() };
            let asked = |ListedPerson { person, .. }: ListedPerson| {
                let is_asked = is_seen(authorization, &person) && filter.matches(&person, scope);
                is_asked.then(|| shown(person))
            };
            let place = match scope {
                Some(scope) => Some(place(ports, authorization, scope).await?),
                None => None,
            };
            let page = people::page(ports, place.as_ref(), &list, after, limit, asked);
            let (found, next) = page.await?;
            return Ok((found, next.map(PeoplePosition::Listed)));
        }
    };
    let (found, next) = walk(after, limit, |after, batch| async move {
        let ids: Vec<UserId> = match scope {
            Some(organization) => {
                let members = ports.store.members(organization, after, batch).await?;
                members.into_iter().map(|member| member.user_id).collect()
            }
            None => ports.store.directory(after, batch).await?,
        };
        let people = ids.chunks(BATCH).map(|some| ports.store.users_with_memberships(some));
        let people = try_join_all(people).await?.into_iter().flatten();
        let mut found: Vec<(UserId, UserWithMemberships)> =
            people.filter(is_asked).map(|person| (person.user.id, shown(person))).collect();
        found.sort_by_key(|(id, _)| *id);
        Ok::<_, StoreError>(Walked { found, examined: ids.len(), last: ids.last().copied() })
    })
    .await?;
    Ok((found, next.map(PeoplePosition::Walked)))
}

/// Under what the lists of an organization are.
async fn place(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    organization: &str,
) -> Result<LogKey, StoreError> {
    match authorization.caller() {
        Some(caller) if caller.organization() == Some(organization) => Ok(caller.log_key()),
        _ => ports.store.log_key(organization).await,
    }
}

/// The same users with their roles, which the lists do not show; without those who are gone.
pub async fn with_roles(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    people: Vec<UserWithMemberships>,
) -> Result<Vec<UserWithMemberships>, StoreError> {
    let ids: Vec<UserId> = people.iter().map(|person| person.user.id).collect();
    let found = ids.chunks(BATCH).map(|some| ports.store.users_with_memberships(some));
    let found = try_join_all(found).await?.into_iter().flatten();
    let mut found: BTreeMap<UserId, UserWithMemberships> =
        found.map(|person| (person.user.id, person)).collect();
    let whole = |person: UserWithMemberships| {
        let now = found.remove(&person.user.id).filter(|now| is_seen(authorization, now))?;
        let shown = |one: &&Membership| person.memberships.of(one.organization.as_str()).is_some();
        let memberships = now.memberships.iter().filter(shown).cloned().collect();
        Some(UserWithMemberships { memberships: Memberships::new(memberships), ..now })
    };
    Ok(people.into_iter().filter_map(whole).collect())
}

/// The one user that an exact filter names.
async fn exact(
    ports: &Ports<impl Store, impl Crypto>,
    filter: &UserFilter,
    organization: &str,
) -> Result<Option<UserWithMemberships>, StoreError> {
    let id = if let Some(email) = &filter.email {
        ports.store.owner(email).await?.map(|user| user.id)
    } else if let Some(username) = &filter.username {
        ports.store.owner_of_username(username).await?
    } else if let Some(employee_id) = &filter.employee_id {
        ports.store.employee(organization, employee_id).await?
    } else {
        None
    };
    let is_employee = match (&filter.employee_id, id) {
        (Some(employee_id), Some(id)) => {
            ports.store.employee(organization, employee_id).await? == Some(id)
        }
        _ => true,
    };
    match id.filter(|_| is_employee) {
        Some(id) => Ok(ports
            .store
            .users_with_memberships(&[id])
            .await?
            .pop()
            .filter(|person| person.user.id == id)),
        None => Ok(None),
    }
}

impl UserFilter {
    fn is_exact(&self) -> bool {
        self.email.is_some() || self.username.is_some() || self.employee_id.is_some()
    }

    /// The list that has whoever is asked for, and the fewest others.
    fn list(&self, scope: Option<&str>) -> PeopleList {
        let is_deleted = self.status == Some(AccountStatus::Deleted) && scope.is_none();
        if let Some(role) = &self.role {
            PeopleList::Role(role.clone())
        } else if let Some(text) = self.q.as_ref().or(self.name.as_ref()).filter(|_| !is_deleted) {
            PeopleList::Found(text.clone())
        } else if let Some(since) = self.inactive_since.filter(|_| !is_deleted) {
            PeopleList::AwaySince(since)
        } else if let Some(status) = self.status {
            PeopleList::Accounts(status)
        } else {
            PeopleList::Everybody
        }
    }

    /// Whether a person is asked for. An employee id is looked up, and no part of an account.
    fn matches(&self, person: &UserWithMemberships, scope: Option<&str>) -> bool {
        let user = &person.user;
        self.email.as_ref().is_none_or(|email| email.key() == user.email.key())
            && self.username.as_ref().is_none_or(|username| username.key() == user.username.key())
            && self.name.as_ref().is_none_or(|name| user.has_name(name))
            && self.q.as_ref().is_none_or(|q| user.is_found_by(q))
            && self
                .inactive_since
                .is_none_or(|since| person.last_login_at.unwrap_or(user.created_at) < since)
            && self
                .status
                .map_or(user.status != AccountStatus::Deleted, |status| status == user.status)
            && scope.is_none_or(|scope| person.memberships.of(scope).is_some())
            && self.role.as_ref().is_none_or(|role| {
                let memberships = person.memberships.iter().filter(|membership| {
                    scope.is_none_or(|scope| membership.organization.as_str() == scope)
                });
                memberships
                    .into_iter()
                    .any(|membership| membership.assignment(role.as_str()).is_some())
            })
    }
}
