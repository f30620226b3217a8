use crate::{
    model::{
        account::User,
        activity::{Activity, PendingEvents},
        client::Client,
        clock::{SignedDuration, after},
        event::Event,
        ids::{SessionId, UserId},
        organization::PLATFORM,
        permission::Right,
        process::Process,
        session::{Caller, Presence, Session},
    },
    ports::{AccountChange, Crypto, Ports, Store, StoreError},
    usecases::{
        account::{find, may_change},
        administration::{AdministerError, AdministerRefusal},
        commit::commit_on,
        permission::{Forbidden, authorize},
    },
};

/// Users who were seen within this time are active.
const ACTIVE_FOR: SignedDuration = SignedDuration::from_mins(5);

/// Whose sessions are meant: the caller's own, or those of somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Own,
    /// Those of this user; for `sessions.manage` alone, unless it is the caller.
    Of(UserId),
}

/// The account whose sessions the caller may see and end: the own one, or with `sessions.manage`
/// one that is not above the caller and belongs nowhere else.
async fn owner(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    whose: Whose,
) -> Result<User, AdministerError> {
    let id = match whose {
        Whose::Of(id) if id != caller.user().id => id,
        _ => return Ok(caller.user().clone()),
    };
    let authorization = authorize(ports, caller.clone(), &[Right::ManageSessions]).await;
    let not_others = AdministerRefusal::Forbidden("You can only end your own sessions.");
    let authorization = authorization.map_err(|error| error.map(|Forbidden| not_others))?;
    let person = find(ports, &authorization, id).await?;
    may_change(&authorization, &person, ports.clock.now())?;
    Ok(person.user)
}

/// The owner of some sessions, and a page of them.
pub struct OwnedSessions {
    pub owner: User,
    /// Newest first, living and dead: one a login, until it leaves by TTL.
    pub sessions: Vec<Session>,
}

/// Somebody's sessions, at most `limit`, older than `before`.
pub async fn sessions(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    whose: Whose,
    before: Option<SessionId>,
    limit: usize,
) -> Result<OwnedSessions, AdministerError> {
    let owner = owner(ports, caller, whose).await?;
    let sessions = ports.store.sessions(owner.id, before, limit).await?;
    Ok(OwnedSessions { owner, sessions })
}

/// Ends one session; ending it again is no error. One that is not the caller's own is signed out as
/// lost: from then on its device is a stranger to the account.
pub async fn end_session(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    whose: Whose,
    session: SessionId,
    client: &Client,
) -> Result<(), AdministerError> {
    let owner = owner(ports, caller, whose).await?.id;
    let activity = by(ports, caller, owner, client).with("session", session.to_string());
    let (pending_events, now) = (PendingEvents::new(activity), ports.clock.now());
    let is_there = if session == caller.session().id {
        ports.store.end_session(owner, session, &pending_events, now).await?
    } else {
        let until = after(now, ports.settings.device_lifetime);
        ports.store.lose_session(owner, session, &pending_events, now, until).await?
    };
    if is_there { Ok(()) } else { Err(AdministerRefusal::NotFound("session").into()) }
}

/// That the caller ended sessions of somebody.
fn by(process: &Process, caller: &Caller, owner: UserId, client: &Client) -> Activity {
    let activity = Activity::new(process, Event::SessionEnded, client).of_user(owner).by(caller);
    if owner == caller.user().id {
        activity
    } else {
        activity.with("by", caller.user().id.to_string())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All but the one that asks.
    Others,
    All,
}

/// Ends several sessions by one transaction that moves the account's epoch: however many there are,
/// and none that begins meanwhile slips through. Known devices are of the old epoch, and strangers
/// from then on.
pub async fn end_sessions(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    whose: Whose,
    scope: Scope,
    client: &Client,
) -> Result<(), AdministerError> {
    let owner = owner(ports, caller, whose).await?;
    let id = owner.id;
    let keep = (scope == Scope::Others && id == caller.user().id).then_some(caller.session().id);
    let activity = by(ports, caller, id, client)
        .with("scope", if scope == Scope::Others { "others" } else { "all" });
    let pending_events = &PendingEvents::new(activity);
    let load = || async move {
        Ok(ports.store.user(id).await?.ok_or(AdministerRefusal::NotFound("user"))?)
    };
    commit_on(owner, load, |before: User| async move {
        let now = ports.clock.now();
        let after = User {
            epoch: before.epoch + 1,
            version: before.version + 1,
            updated_at: now,
            ..before.clone()
        };
        let change = AccountChange { keep, ..AccountChange::new(&before, &after, pending_events) };
        Ok(ports.store.change_account(&change, now, ports.id()).await?)
    })
    .await
}

/// People, not sessions, of the caller's organization who were seen within five minutes, by id; and
/// the cursor of the next page.
pub async fn active_users(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    after: Option<UserId>,
    limit: usize,
) -> Result<(Vec<Presence>, Option<UserId>), StoreError> {
    let now = ports.clock.now();
    let since = crate::model::clock::after(now, -ACTIVE_FOR);
    let organization = caller.organization();
    let (mut people, next) = ports
        .store
        .active_users(
            organization.unwrap_or(PLATFORM),
            since,
            now,
            after,
            limit,
            ports.settings.shards,
        )
        .await?;
    // Users without an organization are seen in `PLATFORM`, and see none of its members.
    people.retain(|one| organization.is_some() || !one.is_member);
    Ok((people, next))
}
