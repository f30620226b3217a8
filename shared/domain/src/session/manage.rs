use super::{
    gate::Caller,
    types::{Client, Presence, Session},
};
use crate::{
    Ports,
    account::User,
    activity::{Activity, Enclosed, Event, PLATFORM},
    clock::SignedDuration,
    ids::{Id, SessionId, UserId},
    ports::{AccountChange, StoreError, Update},
};

/// Whoever was seen within this time is active.
const ACTIVE_FOR: SignedDuration = SignedDuration::from_mins(5);

/// Whose sessions are meant: the caller's own, or those of somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The caller's.
    Own,
    /// Those of this user; for a super admin alone, unless it is the caller.
    Of(UserId),
}

impl Whose {
    fn id(self, caller: &Caller) -> Result<UserId, EndError> {
        match self {
            Self::Own => Ok(caller.user().id),
            Self::Of(user) if user == caller.user().id || caller.user().is_super_admin => Ok(user),
            Self::Of(_) => Err(EndError::Forbidden),
        }
    }
}

/// Why sessions were neither listed nor ended.
#[derive(Debug, thiserror::Error)]
pub enum EndError {
    /// There is no such session, or no such user.
    #[error("there is no such session")]
    NotFound,
    /// They are somebody else's.
    #[error("they are somebody else's sessions")]
    Forbidden,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The owner of some sessions, and a page of them.
pub struct OwnedSessions {
    /// Whose they are.
    pub owner: User,
    /// Newest first, living and dead: one a login, until it leaves by TTL.
    pub sessions: Vec<Session>,
}

/// Somebody's sessions, at most `limit`, older than `before`.
pub async fn sessions(
    ports: &Ports,
    caller: &Caller,
    whose: Whose,
    before: Option<SessionId>,
    limit: usize,
) -> Result<OwnedSessions, EndError> {
    let id = whose.id(caller)?;
    let (owner, sessions) = futures::join!(owner(ports, caller, id), ports.sessions.list(id, before, limit));
    Ok(OwnedSessions { owner: owner?, sessions: sessions? })
}

async fn owner(ports: &Ports, caller: &Caller, id: UserId) -> Result<User, EndError> {
    if id == caller.user().id {
        return Ok(caller.user().clone());
    }
    ports.accounts.user(id).await?.ok_or(EndError::NotFound)
}

/// Ends one session; ending it again is no error.
pub async fn end_session(
    ports: &Ports,
    caller: &Caller,
    whose: Whose,
    session: SessionId,
    client: &Client,
) -> Result<(), EndError> {
    let owner = whose.id(caller)?;
    let activity = by(ports, caller, owner, client).with("session", session.to_string());
    let is_there = ports.sessions.end(owner, session, &Enclosed::new(activity), ports.clock.now()).await?;
    if is_there { Ok(()) } else { Err(EndError::NotFound) }
}

/// That the caller ended sessions of somebody.
fn by(ports: &Ports, caller: &Caller, owner: UserId, client: &Client) -> Activity {
    let activity = Activity::new(ports, Event::SessionEnded, client).of_user(owner).in_session(caller.session().id);
    if owner == caller.user().id { activity } else { activity.with("by", caller.user().id.to_string()) }
}

/// Which sessions end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All but the one that asks.
    Others,
    /// All of them.
    All,
}

/// How often it is tried again on a newer version of the account.
const ATTEMPTS: usize = 10;

/// Ends several sessions by one transaction that moves the account's epoch: however many there are, and none that
/// begins meanwhile slips through. Known devices are of the old epoch, and strangers from then on.
pub async fn end_sessions(ports: &Ports, caller: &Caller, whose: Whose, scope: Scope, client: &Client) -> Result<(), EndError> {
    let id = whose.id(caller)?;
    let keep = (scope == Scope::Others && id == caller.user().id).then_some(caller.session().id);
    let activity = by(ports, caller, id, client).with("scope", if scope == Scope::Others { "others" } else { "all" });
    let enclosed = &Enclosed::new(activity);
    let mut before = owner(ports, caller, id).await?;
    for _ in 0..ATTEMPTS {
        let now = ports.clock.now();
        let after = User { epoch: before.epoch + 1, version: before.version + 1, updated_at: now, ..before.clone() };
        let change = AccountChange { before: &before, after: &after, password_hash: None, keep, uses: None, enclosed };
        if ports.accounts.change(&change, now, Id::new(ports.clock.as_ref(), ports.rng.as_ref())).await? == Update::Done {
            return Ok(());
        }
        before = ports.accounts.user(id).await?.ok_or(EndError::NotFound)?;
    }
    Err(StoreError::Unavailable("the account changed too often meanwhile".into()).into())
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
