use std::collections::BTreeMap;

use futures::future::try_join_all;

use super::{
    edit::known_organization,
    people::{acts_on, keeps_power},
};
use crate::{
    model::{
        account::{AccountStatus, User},
        activity::{AllowedOn, compared},
        authorization::Authorization,
        clock::Timestamp,
        code::Code,
        event::Event,
        fields::audited,
        ids::UserId,
        organization::{
            Document, MOST_MEMBERSHIPS, Member, Membership, MembershipStatus, UserWithMemberships,
        },
        people::{ListedPerson, PeopleList, PeoplePosition},
        text::canonical,
        violation::Violation,
        words::Line,
    },
    ports::{Crypto, MemberWrite, Ports, Store, StoreError},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator, matches},
        commit::commit_on,
        people,
        permission::renewed,
        walk::{BATCH, Walked, walk},
    },
};

/// A membership as it is to be: what is missing is cleared, but the status stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PutMember {
    /// Where they stand; a new membership is active.
    pub status: Option<MembershipStatus>,
    /// What the organization calls them.
    pub employee_id: Option<Line<64>>,
    pub department: Option<Line<100>>,
    pub job_title: Option<Line<100>>,
    /// Whom they report to.
    pub manager: Option<UserId>,
    /// What the organization's own clients keep here.
    pub metadata: Document,
}

/// A membership, and whose it is.
#[derive(Debug, Clone)]
pub struct MemberWithUser {
    pub member: Member,
    /// The account, whose names people see; none where it is gone by now.
    pub user: Option<User>,
}

/// A membership, and whether it is new.
#[derive(Debug, Clone)]
pub struct MemberPut {
    /// As it is now.
    pub member: MemberWithUser,
    /// Whether it was not there before.
    pub is_new: bool,
}

/// One member of an organization that the caller may know of.
pub async fn member(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    organization: &str,
    user: UserId,
) -> Result<MemberWithUser, AdministerError> {
    let missing = || AdministerRefusal::NotFound("member");
    if !authorization.sees(organization) {
        return Err(missing().into());
    }
    let ids = [user];
    let (member, people) = futures::try_join!(
        ports.store.member(organization, user),
        ports.store.users_with_memberships(&ids)
    )?;
    let user = people.into_iter().next().map(|person| person.user);
    Ok(MemberWithUser { member: member.ok_or_else(missing)?, user })
}

/// Which members are asked for; all that are given have to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberFilter {
    /// What a name, the username or the address begins with, whatever its case.
    pub q: Option<String>,
    pub status: Option<MembershipStatus>,
    /// This very department, whatever its case.
    pub department: Option<String>,
    /// A role that they have there.
    pub role: Option<Code>,
}

impl MemberFilter {
    /// The list that has whoever is asked for, and the fewest others.
    fn list(&self) -> PeopleList {
        if let Some(role) = &self.role {
            PeopleList::Role(role.clone())
        } else if let Some(text) = &self.q {
            PeopleList::Found(text.clone())
        } else if let Some(department) = &self.department {
            PeopleList::Department(department.clone())
        } else if let Some(status) = self.status {
            PeopleList::Members(status)
        } else {
            PeopleList::Everybody
        }
    }

    fn matches(&self, member: &Member, person: Option<&UserWithMemberships>) -> bool {
        let department = member.department.as_ref().map(|one| canonical(one.as_str()));
        let asked = self.department.as_ref().map(|asked| canonical(asked));
        let has_role = |role: &Code| {
            let membership = person?.memberships.of(member.organization.as_str())?;
            membership.assignment(role.as_str())
        };
        self.status.is_none_or(|status| status == member.status)
            && asked.is_none_or(|asked| department == Some(asked))
            && self.role.as_ref().is_none_or(|role| has_role(role).is_some())
            && self
                .q
                .as_ref()
                .is_none_or(|q| person.is_some_and(|person| person.user.is_found_by(q)))
    }
}

/// A page of an organization's members behind a position, and where the next page begins. They are
/// sorted as the list is that has them ([`PeopleList`]); by id as long as the lists have not
/// everybody yet.
pub async fn members(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    organization: &str,
    filter: &MemberFilter,
    after: Option<PeoplePosition>,
    limit: usize,
) -> Result<(Vec<MemberWithUser>, Option<PeoplePosition>), AdministerError> {
    let log = known_organization(ports, authorization, organization).await?.log_key();
    let after = match after {
        Some(PeoplePosition::Walked(id)) => Some(id),
        None if !ports.store.has_everybody().await? => None,
        after => {
            let after = after.and_then(PeoplePosition::listed);
            let list = filter.list();
            // Whoever is in the list of a role has it: the lists do not show roles.
            let filter = &MemberFilter { role: None, ..filter.clone() };
            let shown = |ListedPerson { person, member }: ListedPerson| {
                let member = member.filter(|member| filter.matches(member, Some(&person)))?;
                Some(MemberWithUser { member, user: Some(person.user) })
            };
            let page = people::page(ports, Some(&log), &list, after, limit, shown);
            let (found, next) = page.await?;
            return Ok((found, next.map(PeoplePosition::Listed)));
        }
    };
    let (found, next) = walk(after, limit, |after, batch| async move {
        let members = ports.store.members(organization, after, batch).await?;
        let (examined, last) = (members.len(), members.last().map(|member| member.user_id));
        let ids: Vec<UserId> = members.iter().map(|member| member.user_id).collect();
        let people = ids.chunks(BATCH).map(|some| ports.store.users_with_memberships(some));
        let people = try_join_all(people).await?.into_iter().flatten();
        let mut people: BTreeMap<UserId, UserWithMemberships> =
            people.map(|person| (person.user.id, person)).collect();
        let asked = |member: Member| {
            let person = people.remove(&member.user_id);
            let id = member.user_id;
            filter
                .matches(&member, person.as_ref())
                .then(|| (id, MemberWithUser { member, user: person.map(|person| person.user) }))
        };
        let found = members.into_iter().filter_map(asked).collect();
        Ok::<_, StoreError>(Walked { found, examined, last })
    })
    .await?;
    Ok((found, next.map(PeoplePosition::Walked)))
}

/// Makes or changes a membership. Only super admins bring somebody in who is not there: others
/// invite.
pub async fn put_member(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    organization: &str,
    user: UserId,
    put: &PutMember,
) -> Result<MemberPut, AdministerError> {
    let first = read(ports, authorization.clone(), organization, user).await?;
    let load = || async move {
        read(ports, renewed(ports, authorization).await?, organization, user).await
    };
    commit_on(first, load, |Read { authorization, person, before }| async move {
        let authorization = &authorization;
        // A deleted account is nobody's member any more, until it is restored.
        let is_deleted = person.user.status == AccountStatus::Deleted;
        if is_deleted || (before.is_none() && !authorization.is_super_admin()) {
            return Err(AdministerRefusal::NotFound("member").into());
        }
        let belongs_elsewhere = before.is_none() && person.memberships.count() > 0;
        if belongs_elsewhere && person.user.is_service_account() {
            let why = "A service account belongs to one organization.";
            return Err(AdministerRefusal::Forbidden(why).into());
        }
        matches(if_match, before.as_ref().map_or(0, |member| member.version))?;
        let code = match person.memberships.of(organization) {
            Some(membership) => membership.organization.clone(),
            None => Code::parse(organization)
                .map_err(|_| AdministerRefusal::NotFound("organization"))?,
        };
        let now = ports.clock.now();
        let after = put.apply(before.as_ref(), code.clone(), user, now);
        if before.as_ref() == Some(&after) {
            let member = MemberWithUser { member: after, user: Some(person.user) };
            return Ok(MemberPut { member, is_new: false });
        }
        let membership = if let Some(membership) = person.memberships.of(organization) {
            membership.clone()
        } else {
            let id = ports.store.log_key(organization).await?.id();
            Membership { id, since: Some(now), ..Membership::new(code, after.status) }
        };
        let membership = Membership { status: after.status, ..membership };
        let put = (before.as_ref(), &after);
        let relied_on = may_put(ports, authorization, &person, put, &membership, now).await?;
        let event = if before.is_none() { Event::MemberAdded } else { Event::MemberUpdated };
        let log = membership.log_key();
        let record = authorization.record_of(ports, event, client, &log, &person.user);
        let mut activity =
            compared(record, before.as_ref().map(audited).as_ref(), Some(&audited(&after)));
        activity.allowed_on.extend(relied_on);
        let memberships = person.memberships.with(membership);
        let member = Some((before.as_ref(), Some(&after)));
        let change = MemberWrite {
            before: &person,
            memberships: &memberships,
            member,
            granted_roles: &[],
            revoked_roles: &[],
            accepts: None,
            activity: &activity,
        };
        ports.store.write_membership(&change, ports.id()).await?;
        let member = MemberWithUser { member: after, user: Some(person.user) };
        Ok(MemberPut { member, is_new: before.is_none() })
    })
    .await
}

/// Ends a membership, roles included.
pub async fn remove_member(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    organization: &str,
    user: UserId,
) -> Result<(), AdministerError> {
    let first = read(ports, authorization.clone(), organization, user).await?;
    let load = || async move {
        read(ports, renewed(ports, authorization).await?, organization, user).await
    };
    commit_on(first, load, |Read { authorization, person, before }| async move {
        let authorization = &authorization;
        let (Some(before), Some(membership)) = (before, person.memberships.of(organization)) else {
            return Err(AdministerRefusal::NotFound("member").into());
        };
        let now = ports.clock.now();
        acts_on(authorization, &person, organization, now)?;
        matches(if_match, before.version)?;
        let memberships = person.memberships.without(organization);
        let relied_on = keeps_power(ports, authorization, &person, &memberships).await?;
        let (mut was, log) = (audited(&before), membership.log_key());
        was.extend(audited(membership));
        let record =
            authorization.record_of(ports, Event::MemberRemoved, client, &log, &person.user);
        let mut activity = compared(record, Some(&was), None);
        activity.allowed_on.extend(relied_on);
        let revoked_roles: Vec<Code> =
            membership.roles.iter().map(|one| one.role.clone()).collect();
        let member = Some((Some(&before), None));
        let change = MemberWrite {
            before: &person,
            memberships: &memberships,
            member,
            granted_roles: &[],
            revoked_roles: &revoked_roles,
            accepts: None,
            activity: &activity,
        };
        ports.store.write_membership(&change, ports.id()).await?;
        Ok(())
    })
    .await
}

/// What a change of a membership goes by.
struct Read {
    authorization: Authorization,
    person: UserWithMemberships,
    before: Option<Member>,
}

async fn read(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: Authorization,
    organization: &str,
    user: UserId,
) -> Result<Read, AdministerError> {
    if !authorization.sees(organization) {
        return Err(AdministerRefusal::NotFound("member").into());
    }
    let (person, before) = futures::join!(
        ports.store.user_with_memberships(user),
        ports.store.member(organization, user)
    );
    let person = person?.ok_or(AdministerRefusal::NotFound("member"))?;
    Ok(Read { authorization, person, before: before? })
}

async fn may_put(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    person: &UserWithMemberships,
    (before, after): (Option<&Member>, &Member),
    membership: &Membership,
    now: Timestamp,
) -> Result<Vec<AllowedOn>, AdministerError> {
    let organization = after.organization.as_str();
    acts_on(authorization, person, organization, now)?;
    let is_revived = after.status == MembershipStatus::Active
        && before.is_some_and(|was| was.status != MembershipStatus::Active);
    if is_revived && !authorization.may_revive(membership, authorization.catalogue(), now) {
        return Err(AdministerRefusal::AboveYourLevel.into());
    }
    if before.is_none() && person.memberships.count() >= MOST_MEMBERSHIPS {
        let message = format!("A user belongs to at most {MOST_MEMBERSHIPS} organizations.");
        let violation = Violation::new("too_many", message);
        return Err(AdministerRefusal::Invalid("user_id", violation).into());
    }
    let memberships = person.memberships.with(membership.clone());
    let relied_on = keeps_power(ports, authorization, person, &memberships).await?;
    match after.manager.filter(|manager| before.is_none_or(|was| was.manager != Some(*manager))) {
        Some(manager)
            if manager == after.user_id
                || ports.store.member(organization, manager).await?.is_none() =>
        {
            let violation = Violation::new(
                "unknown_member",
                "The manager must be another member of the same organization.",
            );
            Err(AdministerRefusal::Invalid("manager", violation).into())
        }
        _ => Ok(relied_on),
    }
}

impl PutMember {
    pub(crate) fn apply(
        &self,
        before: Option<&Member>,
        organization: Code,
        user: UserId,
        now: Timestamp,
    ) -> Member {
        let bare = Member::new(organization, user, MembershipStatus::Active, now);
        let kept = before.unwrap_or(&bare);
        let mut after = Member {
            status: self.status.unwrap_or(kept.status),
            employee_id: self.employee_id.clone(),
            department: self.department.clone(),
            job_title: self.job_title.clone(),
            manager: self.manager,
            metadata: self.metadata.clone(),
            ..kept.clone()
        };
        if before.is_some_and(|before| *before != after) {
            after.version += 1;
            after.updated_at = now;
        }
        after
    }
}
