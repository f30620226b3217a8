//! The gate: on every authenticated call, who calls and whether they still may.

use super::{
    access::{AccessClaims, AccessTokenError, verify},
    types::{Presence, Session},
};
use crate::{
    Crypto, Ports, Store,
    account::{AccountStatus, User},
    clock::{SignedDuration, Timestamp, after},
    code::Code,
    organization::{MembershipStatus, Memberships, UserWithMemberships},
    ports::{CallerRecord, CatalogueState, KeyError, Seen, StoreError, Use},
    text::sanitize,
};

/// Proof of who calls. Only [`authenticate_caller`] makes one.
#[derive(Debug, Clone)]
pub struct Caller {
    person: UserWithMemberships,
    session: Session,
    generation: u32,
    catalogue_state: CatalogueState,
}

impl Caller {
    #[must_use]
    pub fn user(&self) -> &User {
        &self.person.user
    }

    /// The memberships.
    #[must_use]
    pub fn memberships(&self) -> &Memberships {
        &self.person.memberships
    }

    /// Account and memberships.
    #[must_use]
    pub fn person(&self) -> &UserWithMemberships {
        &self.person
    }

    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The active organization: the session's.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.session.organization.as_ref().map(Code::as_str)
    }

    /// The version of the catalogue that decides about this call.
    #[must_use]
    pub fn catalogue_version(&self) -> u64 {
        self.catalogue_state.version
    }

    /// Whether an organization is known to be inactive.
    #[must_use]
    pub fn is_inactive(&self, organization: &str) -> bool {
        self.catalogue_state.is_inactive(organization)
    }
}

/// The gate refused. One answer for every reason: the token is no longer good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the session is over or the account may not sign in")]
pub struct Refusal;

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticationError {
    /// The token is not good, or no longer.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The keys are out of reach.
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AccessTokenError> for AuthenticationError {
    fn from(error: AccessTokenError) -> Self {
        match error {
            AccessTokenError::Invalid => Self::Refused(Refusal),
            AccessTokenError::Unavailable(error) => Self::Key(error),
        }
    }
}

/// Lets the owner of a bearer token in: one round trip, and beside it the public keys when they are
/// ten seconds old, so that a key that was dropped opens nothing from then on.
pub async fn authenticate(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
) -> Result<Caller, AuthenticationError> {
    let verified = verify(ports, token).await?;
    let (user, session, _) = verified.claims.subject().ok_or(Refusal)?;
    let (record, renewed) =
        futures::join!(ports.store.caller(user, session), ports.crypto.renew_keys());
    renewed?;
    let mut record = record?;
    if is_torn(&record) {
        record = ports.store.caller(user, session).await?;
    }
    if !ports.crypto.is_published(&verified.kid).await {
        return Err(Refusal.into());
    }
    Ok(authenticate_caller(record, &verified.claims, ports.clock.now())?)
}

/// Whether user and session are of two epochs: the batch is no snapshot, and may have met the
/// transaction that ends all sessions but this one.
fn is_torn(record: &CallerRecord) -> bool {
    matches!((&record.person, &record.session), (Some(person),
        Some(session)) if person.user.epoch != session.epoch && session.ended_at.is_none())
}

/// Decides on what one strongly consistent read found. Fails closed: whatever is missing refuses.
pub fn authenticate_caller(
    record: CallerRecord,
    claims: &AccessClaims,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    let CallerRecord { person: Some(person), session: Some(session), catalogue_state } = record
    else {
        return Err(Refusal);
    };
    let (user_id, session_id, generation) = claims.subject().ok_or(Refusal)?;
    let is_theirs =
        person.user.id == user_id && session.id == session_id && session.user_id == user_id;
    let acts_there = session.organization.as_ref().map(Code::as_str) == claims.org.as_deref();
    if is_theirs
        && acts_there
        && generation <= session.generation
        && may_go_on(&person, &session, &catalogue_state, now)
    {
        Ok(Caller { person, session, generation, catalogue_state })
    } else {
        Err(Refusal)
    }
}

/// Whether this account's session may be used: asked by the gate and by a refresh. Where it acts in
/// an organization, membership and organization have to be active.
pub(super) fn may_go_on(
    person: &UserWithMemberships,
    session: &Session,
    catalogue_state: &CatalogueState,
    now: Timestamp,
) -> bool {
    let user = &person.user;
    let is_open = |organization: &Code| {
        let membership = person.memberships.of(organization.as_str());
        membership.is_some_and(|membership| membership.status == MembershipStatus::Active)
            && !catalogue_state.is_inactive(organization.as_str())
    };
    session.is_alive(now)
        && session.epoch == user.epoch
        && user.status == AccountStatus::Active
        && !user.is_locked(now)
        && session.organization.as_ref().is_none_or(is_open)
}

/// `last_activity` is written at most this often.
const NOTE_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Whether this use has to be noted: the first of a new access token, the first that tells a page,
/// or the first for a minute.
#[must_use]
pub fn needs_note(caller: &Caller, page: Option<&str>, now: Timestamp) -> bool {
    is_first_use(caller) || tells_first_page(caller, page) || is_minute_over(caller, now)
}

/// Notes the use, and once a minute, or when a client first tells its page, that its user was seen.
/// It runs beside the request; if it fails, the next call notes.
pub async fn note_use(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    page: Option<String>,
) -> Result<(), StoreError> {
    let now = ports.clock.now();
    let presence = Presence::of(caller.user(), &caller.session, page.as_deref(), now);
    let is_minute_over = is_minute_over(caller, now);
    let first_page =
        page.clone().filter(|page| !is_minute_over && tells_first_page(caller, Some(page)));
    let is_seen = is_minute_over || first_page.is_some();
    let usage = Use {
        user_id: caller.user().id,
        session_id: caller.session.id,
        first_of: is_first_use(caller).then_some(caller.generation),
        seen: is_minute_over.then_some(Seen { at: now, not_since: after(now, -NOTE_EVERY), page }),
        first_page,
    };
    let seen = async {
        if is_seen {
            ports.store.note_presence(&presence, ports.settings.shards).await
        } else {
            Ok(())
        }
    };
    let (noted, seen) = futures::join!(ports.store.note_use(&usage), seen);
    noted.and(seen)
}

/// A page as a client names it, or as a browser tells where it comes from: the path alone, one
/// line, at most 200 characters. Queries and fragments hold tokens, and others are shown the page.
#[must_use]
pub fn page(text: &str) -> Option<String> {
    let text = text.trim().split(['?', '#']).next().unwrap_or_default();
    let path = match text.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| rest.get(at..).unwrap_or_default()),
        None => text,
    };
    let page = sanitize(path, 200);
    (!page.is_empty()).then_some(page)
}

fn is_minute_over(caller: &Caller, now: Timestamp) -> bool {
    now.duration_since(caller.session.last_activity) >= NOTE_EVERY
}

/// Whether a session's client says for the first time which page it shows: others see it at once.
fn tells_first_page(caller: &Caller, page: Option<&str>) -> bool {
    caller.session.page.is_none() && page.is_some_and(|page| !page.starts_with("/api/"))
}

fn is_first_use(caller: &Caller) -> bool {
    caller.generation == caller.session.generation
        && caller.session.access_used_generation < caller.generation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_a_path_without_what_may_be_secret() {
        for (text, shown) in [
            ("/projects/7", Some("/projects/7")),
            ("https://app.example/reset?token=x#y", Some("/reset")),
            ("https://app.example", Some("/")),
            ("/a#b?c", Some("/a")),
            ("/login?next=https://a.example/reset/x", Some("/login")),
            ("?token=x", None),
            (" \u{1b}[31m ", Some("\u{fffd}[31m")),
        ] {
            assert_eq!(page(text).as_deref(), shown, "{text}");
        }
    }
}
