use super::{
    gate::Caller,
    types::{Client, Presence, Session},
};
use crate::{
    Ports,
    activity::{Activity, Enclosed, Event, PLATFORM},
    clock::SignedDuration,
    ids::{Id, SessionId, UserId},
    ports::{AccountChange, StoreError, Update},
};

/// Whoever was seen within this time is active.
const ACTIVE_FOR: SignedDuration = SignedDuration::from_mins(5);

/// The caller's own sessions, newest first, living and dead: one a login, until it leaves by TTL.
pub async fn sessions(
    ports: &Ports,
    caller: &Caller,
    before: Option<SessionId>,
    limit: usize,
) -> Result<Vec<Session>, StoreError> {
    ports.sessions.list(caller.user().id, before, limit).await
}

/// Why a session was not ended.
#[derive(Debug, thiserror::Error)]
pub enum EndError {
    /// The caller has no such session.
    #[error("there is no such session")]
    NotFound,
    /// The account changed at the same moment.
    #[error("the account was changed meanwhile")]
    Stale,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ends one of the caller's sessions; ending it again is no error.
pub async fn end_session(ports: &Ports, caller: &Caller, session: SessionId, client: &Client) -> Result<(), EndError> {
    let activity = Activity::new(ports, Event::SessionEnded, client)
        .of_user(caller.user().id)
        .in_session(caller.session().id)
        .with("session", session.to_string());
    let enclosed = Enclosed::new(activity);
    let is_there = ports.sessions.end(caller.user().id, session, &enclosed, ports.clock.now()).await?;
    if is_there { Ok(()) } else { Err(EndError::NotFound) }
}

/// Which of the caller's sessions end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All but the one that asks.
    Others,
    /// All of them.
    All,
}

/// Ends several sessions by one transaction that moves the account's epoch: however many there are, and none that
/// begins meanwhile slips through. Known devices and mailed tokens are of the old epoch, and dead too.
pub async fn end_sessions(ports: &Ports, caller: &Caller, scope: Scope, client: &Client) -> Result<(), EndError> {
    let before = caller.user();
    let now = ports.clock.now();
    let mut after = before.clone();
    after.epoch += 1;
    after.version += 1;
    after.updated_at = now;
    let keep = (scope == Scope::Others).then_some(caller.session().id);
    let activity = Activity::new(ports, Event::SessionsEnded, client).of_user(before.id).in_session(caller.session().id);
    let enclosed = &Enclosed::new(activity.with("scope", if scope == Scope::Others { "others" } else { "all" }));
    let change = AccountChange { before, after: &after, password_hash: None, keep, uses: None, enclosed };
    match ports.accounts.change(&change, now, Id::new(ports.clock.as_ref(), ports.rng.as_ref())).await? {
        Update::Done => Ok(()),
        Update::Stale => Err(EndError::Stale),
    }
}

/// People, not sessions, of the caller's organization who were seen within five minutes, by id; and the cursor of the
/// next page.
pub async fn active_users(
    ports: &Ports,
    _caller: &Caller,
    after: Option<UserId>,
    limit: usize,
) -> Result<(Vec<Presence>, Option<UserId>), StoreError> {
    let now = ports.clock.now();
    let since = crate::clock::after(now, -ACTIVE_FOR);
    ports.presence.active(PLATFORM, since, now, after, limit, ports.settings.shards).await
}
