use crate::{
    model::{
        account::User,
        activity::{Activity, PendingEvents},
        authorization::Authorization,
        client::Client,
        clock::{SignedDuration, after},
        event::Event,
        ids::{SessionId, UserId},
        organization::UserWithMemberships,
        permission::Right,
        process::Process,
        session::{ActiveUser, Caller, SeenUser, Session, may_go_on},
    },
    ports::{AccountChange, Crypto, Ports, Store, StoreError},
    usecases::{
        account::{find, may_change},
        administration::{AdministerError, AdministerRefusal},
        commit::commit_on,
        error::UseCaseError,
        permission::{AuthorizationError, Forbidden, authorize, renewed},
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

/// An account whose sessions the caller may see and end.
struct Owner {
    person: UserWithMemberships,
    /// By what right; none for one's own.
    authorization: Option<Authorization>,
}

impl Owner {
    /// The own account, or with `sessions.manage` one that is not above the caller and belongs
    /// nowhere else.
    async fn find(
        ports: &Ports<impl Store, impl Crypto>,
        caller: &Caller,
        whose: Whose,
    ) -> Result<Self, AdministerError> {
        let id = match whose {
            Whose::Of(id) if id != caller.user().id => id,
            _ if caller.key().is_some() => {
                let why = "An API key neither sees nor ends the sessions of its owner.";
                return Err(AdministerRefusal::Forbidden(why).into());
            }
            _ => return Ok(Self { person: caller.person().clone(), authorization: None }),
        };
        let authorization = authorize(ports, caller.clone(), &[Right::ManageSessions]).await;
        let not_others = AdministerRefusal::Forbidden("You can only end your own sessions.");
        let authorization = authorization.map_err(|error| error.map(|Forbidden| not_others))?;
        Self::of(ports, authorization, id).await
    }

    async fn of(
        ports: &Ports<impl Store, impl Crypto>,
        authorization: Authorization,
        id: UserId,
    ) -> Result<Self, AdministerError> {
        let person = find(ports, &authorization, id).await?;
        may_change(&authorization, &person, ports.clock.now())?;
        Ok(Self { person, authorization: Some(authorization) })
    }

    /// The same as it is now.
    async fn again(
        ports: &Ports<impl Store, impl Crypto>,
        id: UserId,
        authorization: Option<&Authorization>,
    ) -> Result<Self, AdministerError> {
        if let Some(authorization) = authorization {
            return Self::of(ports, renewed(ports, authorization).await?, id).await;
        }
        let person = ports.store.user_with_memberships(id).await?;
        let person = person.ok_or(AdministerRefusal::NotFound("user"))?;
        Ok(Self { person, authorization: None })
    }

    /// That the caller ended sessions of it.
    fn record(&self, process: &Process, caller: &Caller, client: &Client) -> Activity {
        let activity = Activity::new(process, Event::SessionEnded, client);
        let activity = activity.of_user(&self.person.user).by(caller);
        match &self.authorization {
            None => activity,
            Some(authorization) => Activity {
                allowed_on: authorization.allowed_on(),
                ..activity.with("by", caller.user().id.to_string())
            },
        }
    }
}

/// The owner of some sessions, and a page of them.
pub struct OwnedSessions {
    pub owner: UserWithMemberships,
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
    let owner = Owner::find(ports, caller, whose).await?.person;
    let sessions = ports.store.sessions(owner.user.id, before, limit).await?;
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
    let owner = Owner::find(ports, caller, whose).await?;
    let (id, authorization) = (owner.person.user.id, owner.authorization.clone());
    let load = || Owner::again(ports, id, authorization.as_ref());
    let is_there = commit_on(owner, load, |owner: Owner| async move {
        let activity = owner.record(ports, caller, client).with("session", session.to_string());
        let (pending_events, now) = (PendingEvents::new(activity), ports.clock.now());
        let (store, until) = (&ports.store, after(now, ports.settings.device_lifetime));
        let ended = if session == caller.session().id {
            store.end_session(id, session, &pending_events, now).await
        } else {
            store.lose_session(id, session, &pending_events, now, until, ports.id()).await
        };
        Ok(ended?)
    });
    if is_there.await? { Ok(()) } else { Err(AdministerRefusal::NotFound("session").into()) }
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
    let owner = Owner::find(ports, caller, whose).await?;
    let (id, authorization) = (owner.person.user.id, owner.authorization.clone());
    let keep = (scope == Scope::Others && id == caller.user().id).then_some(caller.session().id);
    let load = || Owner::again(ports, id, authorization.as_ref());
    commit_on(owner, load, |owner: Owner| async move {
        let scope = if scope == Scope::Others { "others" } else { "all" };
        let record = owner.record(ports, caller, client).with("scope", scope);
        let pending_events = &PendingEvents::new(record);
        let (before, now) = (owner.person.user, ports.clock.now());
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

/// People, not sessions, of the caller's organization who were seen within five minutes and whom
/// the gate would still let in, by id; and the cursor of the next page. Who acts in no organization
/// sees themselves.
pub async fn active_users(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    mut after: Option<UserId>,
    limit: usize,
) -> Result<(Vec<ActiveUser>, Option<UserId>), StoreError> {
    if caller.organization().is_none() {
        let own = SeenUser { user_id: caller.user().id, sessions: vec![caller.session().id] };
        return Ok((those_there(ports, caller, &[own]).await?, None));
    }
    let now = ports.clock.now();
    let since = crate::model::clock::after(now, -ACTIVE_FOR);
    let (log, shards) = (caller.log_key(), ports.settings.shards);
    let (mut batch, mut rounds) = (limit, 0);
    loop {
        let seen = ports.store.seen_users(log.as_str(), since, now, after, batch, shards).await?;
        let mut people = those_there(ports, caller, &seen.0).await?;
        after = seen.1;
        if people.len() > limit {
            people.truncate(limit);
            after = people.last().map(|one| one.user.id);
        }
        rounds += 1;
        if !people.is_empty() || after.is_none() || rounds == MOST_ROUNDS {
            return Ok((people, after));
        }
        // Many went at once, or act in no organization.
        batch = MOST_SEEN;
    }
}

/// So many who were seen are looked at at once where all of a page are gone.
const MOST_SEEN: usize = 200;

/// So often; then a page is empty, with a cursor.
const MOST_ROUNDS: usize = 10;

/// Those who were seen and would get through the gate where the caller is, each in the session that
/// they used last.
async fn those_there(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    seen: &[SeenUser],
) -> Result<Vec<ActiveUser>, StoreError> {
    let now = ports.clock.now();
    let people = ports.store.as_they_are(seen).await?.into_iter().filter_map(|(person, all)| {
        let is_there = |session: &Session| {
            session.organization == caller.session().organization
                && session.log_key() == caller.session().log_key()
                && may_go_on(&person, session, caller.catalogue_state(), now)
        };
        let last = |session: &Session| session.last_activity;
        let session = all.into_iter().filter(is_there).max_by_key(last)?;
        Some(ActiveUser { user: person.user, session })
    });
    Ok(people.collect())
}

/// Whether somebody may read users where they act.
pub async fn reads_users(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
) -> Result<bool, AuthorizationError> {
    match authorize(ports, caller.clone(), &[Right::ReadUsers]).await {
        Ok(_) => Ok(true),
        Err(UseCaseError::Refused(Forbidden)) => Ok(false),
        Err(error) => Err(error),
    }
}
