//! The gate: on every authenticated call, who calls and whether they still may.

use super::{
    access::AccessClaims,
    types::{Presence, Session},
};
use crate::{
    Ports,
    account::{AccountStatus, User},
    clock::{SignedDuration, Timestamp},
    ports::{CallerRecord, StoreError, Use},
    text::tame,
};

/// Proof that the gate let somebody in. Only [`admit`] makes one.
#[derive(Debug, Clone)]
pub struct Caller {
    user: User,
    session: Session,
    generation: u32,
}

impl Caller {
    /// The account.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }

    /// The session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }
}

/// The gate refused. One answer for every reason: the token is no longer good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the session is over or the account may not sign in")]
pub struct Refusal;

/// Decides on what one strongly consistent read found. Fails closed: whatever is missing refuses.
pub fn admit(record: CallerRecord, claims: &AccessClaims, now: Timestamp) -> Result<Caller, Refusal> {
    let (Some(user), Some(session)) = (record.user, record.session) else { return Err(Refusal) };
    let (user_id, session_id, generation) = claims.subject().ok_or(Refusal)?;
    let is_theirs = user.id == user_id && session.id == session_id && session.user_id == user_id;
    if is_theirs && generation <= session.generation && may_go_on(&user, &session, now) {
        Ok(Caller { user, session, generation })
    } else {
        Err(Refusal)
    }
}

/// Whether this account's session may be used: asked by the gate and by a refresh.
pub(super) fn may_go_on(user: &User, session: &Session, now: Timestamp) -> bool {
    session.is_alive(now) && session.epoch == user.epoch && user.status == AccountStatus::Active && !user.is_locked(now)
}

/// `last_activity` is written at most this often.
const NOTE_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Whether this use has to be noted: the first of a new access token, or the first for a minute.
#[must_use]
pub fn needs_note(caller: &Caller, now: Timestamp) -> bool {
    is_first_use(caller) || now.duration_since(caller.session.last_activity) >= NOTE_EVERY
}

/// Notes the use, and that its user was seen. It runs beside the request; if it fails, the next call notes.
pub async fn note_use(ports: &Ports, caller: &Caller, page: Option<String>) -> Result<(), StoreError> {
    let now = ports.clock.now();
    let presence = Presence::of(&caller.user, &caller.session, page.as_deref(), now);
    let usage = Use {
        user_id: caller.user.id,
        session_id: caller.session.id,
        first_of: is_first_use(caller).then_some(caller.generation),
        page,
        at: now,
    };
    let seen = ports.presence.seen(&presence, ports.settings.shards);
    let (noted, seen) = futures::join!(ports.sessions.note_use(&usage), seen);
    noted.and(seen)
}

/// A page as a client names it: one line, at most 200 characters.
#[must_use]
pub fn page(text: &str) -> Option<String> {
    let page = tame(text.trim(), 200);
    (!page.is_empty()).then_some(page)
}

fn is_first_use(caller: &Caller) -> bool {
    caller.generation == caller.session.generation && caller.session.access_used_generation < caller.generation
}
