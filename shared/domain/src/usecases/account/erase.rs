//! Erasing a deleted account: the name, the address and whatever else tells who it was.

use futures::future::try_join_all;

use super::administer::{ManagedUser, to_user, with_failed_logins};
use crate::{
    model::{
        account::{AccountStatus, DueErasure, Erasure, User},
        activity::{Activity, LogIndex, PendingEvents, Range},
        activity_stream::Entry,
        client::Client,
        clock::{SignedDuration, after},
        code::Code,
        event::Event,
        ids::UserId,
        organization::{Membership, UserWithMemberships},
    },
    ports::{AccountChange, Crypto, MemberWrite, Ports, Refused, Store, StoreError},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator, matches},
        commit::commit,
    },
};

/// Has a deleted account erased from now on: a job does it. Again changes nothing. For super
/// admins.
pub async fn erase_user(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    id: UserId,
) -> Result<ManagedUser, AdministerError> {
    to_user(ports, authorization, id, |(authorization, person)| async move {
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
            return Ok(with_failed_logins(ports, &authorization, person).await?);
        }
        let after = before.to_be_erased(now, now);
        let (event, log) = (Event::UserErasureAsked, authorization.log());
        // Without the name, which would have to be erased, too.
        let record = authorization.record_of(ports, event, client, &log, id);
        let events = PendingEvents::new(record);
        let change = AccountChange::new(before, &after, &events);
        ports.store.change_account(&change, now, ports.id()).await?;
        let person = UserWithMemberships { user: after, ..person };
        Ok(with_failed_logins(ports, &authorization, person).await?)
    })
    .await
}

/// How many of a user's activities are looked at at once.
const AT_ONCE: usize = 100;

/// How many entries of an activity stream are looked at at once.
const ENTRIES_AT_ONCE: usize = 200;

/// What was on its way into the log when an account lost its name is there by then: the table's
/// stream keeps its records for a day.
const LATECOMERS: SignedDuration = SignedDuration::from_hours(25);

/// Goes on with an erasure, and looks at `most` activities, and at as many entries of activity
/// streams; whether it is done for now. Again does what is left: each part finds what is still to
/// be erased by itself.
pub async fn go_on_erasing(
    ports: &Ports<impl Store, impl Crypto>,
    due: DueErasure,
    most: usize,
) -> Result<bool, StoreError> {
    if due.at > ports.clock.now() {
        return Ok(true);
    }
    let Some(user) = take_name(ports, due).await? else {
        ports.store.end_erasure(due).await?;
        return Ok(true);
    };
    leave_organizations(ports, due.user).await?;
    ports.store.list_person(due.user, false).await?;
    ports.store.forget_sessions(due.user).await?;
    if !erase_traces(ports, due, most).await? || !show_nobody(ports, due.user, most).await? {
        return Ok(false);
    }
    if user.erased_at().is_none() {
        // Before anything says that it is done: nobody looks for what is on no list.
        let at = after(ports.clock.now(), LATECOMERS);
        ports.store.list_erasure(DueErasure { at, ..due }).await?;
        finish(ports, due.user).await?;
        ports.store.list_person(due.user, false).await?;
    }
    ports.store.end_erasure(due).await?;
    Ok(true)
}

/// Whether an account is to be erased by this: one that was restored, or is to be erased at another
/// time, is not.
fn is_for(user: &User, due: DueErasure) -> bool {
    user.status == AccountStatus::Deleted
        && (user.is_nameless() || user.erase_at().is_some_and(|at| at == due.at))
}

/// Takes name, address and all else that the account says of itself, with the invitations to the
/// address. Answers the account without them; none where it is not to be erased.
async fn take_name(
    ports: &Ports<impl Store, impl Crypto>,
    due: DueErasure,
) -> Result<Option<User>, StoreError> {
    let load = || ports.store.user(due.user);
    commit(load, |user: Option<User>| async move {
        let Some(before) = user.filter(|user| is_for(user, due)) else { return Ok(None) };
        if before.is_nameless() {
            return Ok(Some(before));
        }
        if before.holds_names() {
            end_invitations(ports, &before).await?;
        }
        let now = ports.clock.now();
        let broken = |_| StoreError::Broken("an id makes no name".to_owned());
        let nameless = before.nameless(now).map_err(broken)?;
        let record = Activity::new(ports, Event::UserErased, &Client::default()).of_user(due.user);
        let events = PendingEvents::new(record);
        let change = AccountChange::new(&before, &nameless, &events);
        ports.store.change_account(&change, now, ports.id()).await?;
        Ok(Some(nameless))
    })
    .await
}

/// How many invitations to an address are ended at once.
const INVITATIONS: usize = 100;

/// Ends the invitations to the address of an account.
async fn end_invitations(
    ports: &Ports<impl Store, impl Crypto>,
    user: &User,
) -> Result<(), StoreError> {
    for invitation in ports.store.invitations_of(&user.email, INVITATIONS).await? {
        let record = Activity::new(ports, Event::InvitationWithdrawn, &Client::default())
            .in_log(&invitation.log)
            .with("invitation", invitation.id.to_string());
        let events = PendingEvents::new(record);
        match ports.store.end_invitation(&invitation, &events, ports.id()).await {
            // Another one took its place, or it is over: the next run looks again.
            Ok(()) | Err(StoreError::Refused(Refused::Stale)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
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

/// Erases what the log tells of a user; whether nothing is left.
async fn erase_traces(
    ports: &Ports<impl Store, impl Crypto>,
    due: DueErasure,
    most: usize,
) -> Result<bool, StoreError> {
    let user = due.user;
    let (mut position, mut seen) = (ports.store.erased_up_to(due).await?, 0);
    loop {
        let page = ports.store.traces(user, position.as_deref(), AT_ONCE).await?;
        erase_some(ports, user, page.iter().map(|(_, one)| one)).await?;
        seen += page.len();
        if page.len() < AT_ONCE {
            return erase_former(ports, user, most).await;
        }
        position = page.last().map(|(position, _)| position.clone());
        if seen >= most {
            ports.store.note_erased(due, &position.unwrap_or_default()).await?;
            return Ok(false);
        }
    }
}

/// Those from before activities had entries: an index has them.
async fn erase_former(
    ports: &Ports<impl Store, impl Crypto>,
    user: UserId,
    most: usize,
) -> Result<bool, StoreError> {
    let (mut range, mut erased) = (Range::default(), 0);
    loop {
        let page = ports.store.read_log(&[LogIndex::Former(user)], &range, AT_ONCE).await?;
        erased += erase_some(ports, user, page.activities.iter()).await?;
        match page.reached {
            None => return Ok(true),
            Some(_) if erased >= most => return Ok(false),
            Some(reached) => range.before = Some(reached),
        }
    }
}

/// How many activities are changed at once.
const CHANGED_AT_ONCE: usize = 25;

/// Erases a user from some activities; from how many.
async fn erase_some<'a>(
    ports: &Ports<impl Store, impl Crypto>,
    user: UserId,
    activities: impl Iterator<Item = &'a Activity>,
) -> Result<usize, StoreError> {
    let erased = |activity: &Activity| {
        let after = activity.without(user);
        (after != *activity).then_some(after)
    };
    let traces: Vec<Activity> = activities.filter_map(erased).collect();
    for some in traces.chunks(CHANGED_AT_ONCE) {
        try_join_all(some.iter().map(|after| ports.store.erase_trace(user, after))).await?;
    }
    Ok(traces.len())
}

/// In so many logs a user is looked for at most.
const LOGS: usize = 1000;

/// Shows the entries of activity streams that are about a user without a name; whether all are. An
/// entry knows whom it is about, and is in no list of theirs.
async fn show_nobody(
    ports: &Ports<impl Store, impl Crypto>,
    user: UserId,
    most: usize,
) -> Result<bool, StoreError> {
    let templates = ports.store.templates().await?;
    let mut seen = 0;
    for log in ports.store.logs_of(user, LOGS).await? {
        let mut last = None;
        loop {
            let page = ports.store.oldest_entries(log.as_str(), last, ENTRIES_AT_ONCE).await?;
            (last, seen) = (page.last().map(|entry| entry.id), seen + page.len());
            let is_last = page.len() < ENTRIES_AT_ONCE;
            for entry in page.into_iter().filter(|entry| entry.user_id == Some(user)) {
                let latest = ports.store.activity(log.as_str(), entry.latest).await?;
                let shown = templates.nobody(&entry, latest.as_ref());
                if shown != entry.shown {
                    ports.store.show_entry(&Entry { shown, ..entry }).await?;
                }
            }
            if is_last {
                break;
            }
            if seen >= most {
                return Ok(false);
            }
        }
    }
    Ok(true)
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
