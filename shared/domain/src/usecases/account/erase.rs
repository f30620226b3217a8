//! Erasing a deleted account: the name, the address and whatever else tells who it was.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::try_join_all;

use super::administer::{ManagedUser, again, find, with_failed_logins};
use crate::{
    model::{
        account::{AccountStatus, DueErasure, Erasure, User},
        activity::{Activity, LogIndex, PendingEvents, Range},
        activity_stream::{Entry, belongs, group_of},
        client::Client,
        clock::{SignedDuration, Timestamp, after},
        code::Code,
        event::Event,
        ids::UserId,
        organization::{LogKey, Membership, UserWithMemberships},
    },
    ports::{AccountChange, Crypto, MemberWrite, Ports, Store, StoreError},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator, matches},
        commit::{commit, commit_on},
    },
};

/// Has a deleted account erased from now on: a job does it. Again changes nothing. For super
/// admins.
pub async fn erase_user(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    id: UserId,
) -> Result<ManagedUser, AdministerError> {
    let first = (authorization.clone(), find(ports, authorization, id).await?);
    let load = || again(ports, authorization, id);
    commit_on(first, load, |(authorization, person)| async move {
        if !authorization.is_super_admin() {
            return Err(AdministerRefusal::Forbidden("Only super admins erase accounts.").into());
        }
        matches(if_match, person.etag())?;
        let (before, now) = (&person.user, ports.clock.now());
        if before.status != AccountStatus::Deleted {
            return Err(AdministerRefusal::NotDeleted.into());
        }
        let is_on_its_way = before.is_nameless() || before.erase_at().is_some_and(|at| at <= now);
        if is_on_its_way {
            return Ok(with_failed_logins(ports, person).await?);
        }
        let after = before.to_be_erased(now, now);
        let (event, log) = (Event::UserErasureAsked, authorization.log());
        // Without the name, which would have to be erased, too.
        let record = authorization.record_of(ports, event, client, &log, id);
        let events = PendingEvents::new(record);
        let change = AccountChange::new(before, &after, &events);
        ports.store.change_account(&change, now, ports.id()).await?;
        let person = UserWithMemberships { user: after, ..person };
        Ok(with_failed_logins(ports, person).await?)
    })
    .await
}

/// How many of a user's activities are looked at at once.
const AT_ONCE: usize = 25;

/// What was on its way into the log when an account lost its name is there an hour later.
const LATECOMERS: SignedDuration = SignedDuration::from_hours(1);

/// Goes on with an erasure, by at most `most` activities; whether it is done for now. Again does
/// what is left: each part finds what is still to be erased by itself.
pub async fn go_on_erasing(
    ports: &Ports<impl Store, impl Crypto>,
    due: DueErasure,
    most: usize,
) -> Result<bool, StoreError> {
    let now = ports.clock.now();
    if due.at > now {
        return Ok(true);
    }
    let person = ports.store.user_with_memberships(due.user).await?;
    let Some(user) = person.map(|person| person.user).filter(|user| is_for(user, due)) else {
        ports.store.end_erasure(due, None).await?;
        return Ok(true);
    };
    if !user.is_nameless() {
        take_name(ports, due).await?;
    }
    leave_organizations(ports, due.user).await?;
    ports.store.forget_sessions(due.user).await?;
    if !erase_traces(ports, due.user, most).await? {
        return Ok(false);
    }
    if user.erased_at().is_some() {
        ports.store.end_erasure(due, None).await?;
    } else {
        finish(ports, due.user).await?;
        // Before the one that is over goes: nobody looks for what is on no list.
        ports.store.end_erasure(due, Some(after(ports.clock.now(), LATECOMERS))).await?;
    }
    Ok(true)
}

/// Whether an account is to be erased by this: one that was restored, or is to be erased at another
/// time, is not.
fn is_for(user: &User, due: DueErasure) -> bool {
    user.status == AccountStatus::Deleted
        && (user.is_nameless() || user.erase_at().is_some_and(|at| at == due.at))
}

/// Takes name, address and all else that the account says of itself.
async fn take_name(
    ports: &Ports<impl Store, impl Crypto>,
    due: DueErasure,
) -> Result<(), StoreError> {
    let load = || ports.store.user(due.user);
    commit(load, |user: Option<User>| async move {
        let Some(before) = user.filter(|user| is_for(user, due) && !user.is_nameless()) else {
            return Ok(());
        };
        let now = ports.clock.now();
        let broken = |_| StoreError::Broken("an id makes no name".to_owned());
        let nameless = before.nameless(now).map_err(broken)?;
        let record = Activity::new(ports, Event::UserErased, &Client::default()).of_user(due.user);
        let events = PendingEvents::new(record);
        let change = AccountChange::new(&before, &nameless, &events);
        ports.store.change_account(&change, now, ports.id()).await
    })
    .await
}

/// Ends the memberships with what organizations keep of them.
async fn leave_organizations(
    ports: &Ports<impl Store, impl Crypto>,
    id: UserId,
) -> Result<(), StoreError> {
    loop {
        let load = || ports.store.user_with_memberships(id);
        let is_left = commit(load, |person: Option<UserWithMemberships>| async move {
            let Some(person) = person else { return Ok(true) };
            let Some(membership) = person.memberships.iter().next() else { return Ok(true) };
            leave(ports, &person, membership).await?;
            Ok::<_, StoreError>(person.memberships.count() <= 1)
        });
        if is_left.await? {
            return Ok(());
        }
    }
}

async fn leave(
    ports: &Ports<impl Store, impl Crypto>,
    person: &UserWithMemberships,
    membership: &Membership,
) -> Result<(), StoreError> {
    let (id, organization) = (person.user.id, membership.organization.as_str());
    let member = ports.store.member(organization, id).await?;
    let roles: Vec<Code> = membership.roles.iter().map(|one| one.role.clone()).collect();
    let record = Activity::new(ports, Event::MemberRemoved, &Client::default())
        .of_user(id)
        .in_log(&membership.log_key())
        .with("by", "erasure");
    let change = MemberWrite {
        before: person,
        memberships: &person.memberships.without(organization),
        member: member.as_ref().map(|member| (Some(member), None)),
        granted_roles: &[],
        revoked_roles: &roles,
        accepts: None,
        activity: &record,
    };
    ports.store.write_membership(&change, ports.id()).await
}

/// Erases what the log, and what is made of it, tells of a user; whether nothing is left.
async fn erase_traces(
    ports: &Ports<impl Store, impl Crypto>,
    user: UserId,
    most: usize,
) -> Result<bool, StoreError> {
    let mut streams = Streams::default();
    let (mut position, mut erased): (Option<String>, usize) = (None, 0);
    let is_whole = loop {
        let page = ports.store.traces(user, position.as_deref(), AT_ONCE).await?;
        let is_last = page.len() < AT_ONCE;
        position = page.last().map(|(position, _)| position.clone()).or(position);
        erased += erase_some(ports, user, page.iter().map(|(_, one)| one), &mut streams).await?;
        if is_last || erased >= most {
            break is_last;
        }
    };
    let is_whole = is_whole && erase_former(ports, user, most, &mut streams).await?;
    for (log, groups) in streams.groups {
        show_nobody(ports, user, &log, groups).await?;
    }
    Ok(is_whole)
}

/// Those from before activities had entries: an index has them.
async fn erase_former(
    ports: &Ports<impl Store, impl Crypto>,
    user: UserId,
    most: usize,
    streams: &mut Streams,
) -> Result<bool, StoreError> {
    let (mut range, mut erased) = (Range::default(), 0);
    loop {
        let page = ports.store.read_log(&[LogIndex::Former(user)], &range, AT_ONCE).await?;
        erased += erase_some(ports, user, page.activities.iter(), streams).await?;
        match page.reached {
            None => return Ok(true),
            Some(_) if erased >= most => return Ok(false),
            Some(reached) => range.before = Some(reached),
        }
    }
}

/// Erases a user from some activities; from how many.
async fn erase_some<'a>(
    ports: &Ports<impl Store, impl Crypto>,
    user: UserId,
    activities: impl Iterator<Item = &'a Activity>,
    streams: &mut Streams,
) -> Result<usize, StoreError> {
    let mut traces: Vec<Activity> = Vec::new();
    for activity in activities {
        streams.add(user, activity);
        let after = activity.without(user);
        if after != *activity {
            traces.push(after);
        }
    }
    let erase = traces.iter().map(|after| ports.store.erase_trace(user, after));
    try_join_all(erase).await?;
    Ok(traces.len())
}

/// The groups of activity streams that may show a user, by log.
#[derive(Default)]
struct Streams {
    groups: BTreeMap<LogKey, BTreeSet<String>>,
}

impl Streams {
    fn add(&mut self, user: UserId, activity: &Activity) {
        let is_shown = activity.concerned().is_some_and(|one| one.id == user);
        if !is_shown || !belongs(&activity.what) {
            return;
        }
        let log = activity.organization.clone().unwrap_or_else(LogKey::platform);
        let both = [true, false].map(|is_public| group_of(activity, is_public));
        self.groups.entry(log).or_default().extend(both);
    }
}

/// How many groups of an activity stream are looked at at once.
const GROUPS_AT_ONCE: usize = 40;

/// Shows the entries of some groups without a name.
async fn show_nobody(
    ports: &Ports<impl Store, impl Crypto>,
    user: UserId,
    log: &LogKey,
    groups: BTreeSet<String>,
) -> Result<(), StoreError> {
    let templates = ports.store.templates().await?;
    let groups: Vec<String> = groups.into_iter().collect();
    for some in groups.chunks(GROUPS_AT_ONCE) {
        let some = some.iter().map(|group| (group.clone(), Timestamp::UNIX_EPOCH)).collect();
        let state = ports.store.activity_stream_state(log.as_str(), &some).await?;
        let entries = state.entries.into_values().flatten();
        for entry in entries.filter(|entry| entry.user_id == Some(user)) {
            let latest = ports.store.activity(log.as_str(), entry.latest).await?;
            let shown = templates.nobody(&entry, latest.as_ref());
            if shown != entry.shown {
                ports.store.show_entry(&Entry { shown, ..entry }).await?;
            }
        }
    }
    Ok(())
}

/// Says that nothing is left to be erased.
async fn finish(ports: &Ports<impl Store, impl Crypto>, id: UserId) -> Result<(), StoreError> {
    let load = || ports.store.user(id);
    commit(load, |user: Option<User>| async move {
        let Some(before) = user.filter(|user| matches!(user.erasure, Some(Erasure::Begun(_))))
        else {
            return Ok(());
        };
        let now = ports.clock.now();
        let erased = before.erased(now);
        let events = PendingEvents::none();
        let change = AccountChange::new(&before, &erased, &events);
        ports.store.change_account(&change, now, ports.id()).await
    })
    .await
}
