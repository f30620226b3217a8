use super::{access::AccessClaims, types::Session};
use crate::model::{
    account::{AccountStatus, User},
    api_key::{ApiKey, KeyText, Scopes},
    client::Client,
    clock::{SignedDuration, Timestamp},
    code::Code,
    ids::SessionId,
    organization::{LogKey, Membership, MembershipStatus, Memberships, UserWithMemberships},
    text::sanitize,
};

/// What the gate's one read found.
#[derive(Debug, Clone, Default)]
pub struct CallerRecord {
    /// The account with its memberships.
    pub person: Option<UserWithMemberships>,
    pub session: Option<Session>,
    /// What is the same for every caller.
    pub catalogue_state: CatalogueState,
}

/// What the gate knows of the catalogue, one small item in copies, so that no key is read by
/// everybody; and of the one organization that was asked for, an item of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogueState {
    pub version: u64,
    pub organization: Option<OrganizationState>,
    /// Sessions that began by then are over, whoever's they are.
    pub ended_before: Option<Timestamp>,
}

/// What the gate knows of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationState {
    /// The organization, for good: another one may have its code later.
    pub log: LogKey,
    pub is_active: bool,
    /// Counts the changes of its own roles; 0 where there never was one.
    pub roles_version: u64,
}

impl CatalogueState {
    /// Whether an organization is known to be active: one that was not asked for is not, nor is
    /// one whose code another one has by now.
    #[must_use]
    pub fn is_open(&self, organization: &LogKey) -> bool {
        self.organization.as_ref().is_some_and(|one| one.log == *organization && one.is_active)
    }
}

/// Proof of who calls. Only [`authenticate_caller`] and [`authenticate_key`] make one.
#[derive(Debug, Clone)]
pub struct Caller {
    person: UserWithMemberships,
    session: Session,
    generation: u32,
    /// The key that they call with in the place of a token; its session is made of it.
    key: Option<Box<ApiKey>>,
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

    /// The key that they call with, if it is one.
    #[must_use]
    pub fn key(&self) -> Option<&ApiKey> {
        self.key.as_deref()
    }

    /// What that key is good for.
    #[must_use]
    pub fn scopes(&self) -> Option<&Scopes> {
        self.key().map(|key| &key.scopes)
    }

    /// The same with the account and the organization as they are now. `None`: the gate would
    /// refuse it.
    pub(crate) fn renewed(&self, record: CallerRecord, now: Timestamp) -> Option<Self> {
        let CallerRecord { person, catalogue_state, .. } = record;
        let person = person?;
        let session = match self.key() {
            Some(key) => session_of(key, &person.user, now)?,
            None => self.session.clone(),
        };
        let is_open = may_go_on(&person, &session, &catalogue_state, now);
        is_open.then(|| Self { person, session, catalogue_state, ..self.clone() })
    }

    /// The generation of the access token that was presented.
    pub(crate) fn generation(&self) -> u32 {
        self.generation
    }

    /// The active organization: the session's.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.session.organization.as_ref().map(Code::as_str)
    }

    /// The log that what they do belongs to.
    #[must_use]
    pub fn log_key(&self) -> LogKey {
        self.session.log_key().unwrap_or_else(LogKey::platform)
    }

    /// What the gate knows of the catalogue that decides about this call.
    #[must_use]
    pub fn catalogue_state(&self) -> &CatalogueState {
        &self.catalogue_state
    }
}

/// The gate refused. One answer for every reason: the token is no longer good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the session is over or the account may not sign in")]
pub struct Unauthenticated;

/// Whether user and session are of two epochs: the batch is no snapshot, and may have met the
/// transaction that ends all sessions but this one.
pub(crate) fn is_torn(record: &CallerRecord) -> bool {
    matches!((&record.person, &record.session), (Some(person),
        Some(session)) if person.user.epoch != session.epoch && session.ended_at.is_none())
}

/// Decides on what one strongly consistent read found. Fails closed: whatever is missing refuses.
pub fn authenticate_caller(
    record: CallerRecord,
    claims: &AccessClaims,
    now: Timestamp,
) -> Result<Caller, Unauthenticated> {
    let CallerRecord { person: Some(person), session: Some(session), catalogue_state } = record
    else {
        return Err(Unauthenticated);
    };
    let (user_id, session_id, generation) = claims.subject().ok_or(Unauthenticated)?;
    let is_theirs =
        person.user.id == user_id && session.id == session_id && session.user_id == user_id;
    let acts_there = session.organization.as_ref().map(Code::as_str) == claims.org.as_deref();
    if is_theirs
        && acts_there
        && generation <= session.generation
        && may_go_on(&person, &session, &catalogue_state, now)
    {
        Ok(Caller { person, session, generation, key: None, catalogue_state })
    } else {
        Err(Unauthenticated)
    }
}

/// What the gate's one read found of a caller with a key.
#[derive(Debug, Clone, Default)]
pub struct KeyRecord {
    /// The owner's account, and the catalogue; no session.
    pub caller: CallerRecord,
    pub key: Option<ApiKey>,
}

/// The same for a key that came from an address. Fails closed: whatever is missing refuses.
pub fn authenticate_key(
    record: KeyRecord,
    text: &KeyText,
    address: Option<&str>,
    now: Timestamp,
) -> Result<Caller, Unauthenticated> {
    let KeyRecord { caller: CallerRecord { person, catalogue_state, .. }, key } = record;
    let (Some(person), Some(key)) = (person, key) else {
        return Err(Unauthenticated);
    };
    let is_theirs = person.user.id == text.owner && person.user.kind() == text.kind;
    let session = session_of(&key, &person.user, now).ok_or(Unauthenticated)?;
    if is_theirs
        && key.is_proven_by(text, now)
        && key.networks.include(address)
        && may_go_on(&person, &session, &catalogue_state, now)
    {
        Ok(Caller { person, session, generation: 0, key: Some(Box::new(key)), catalogue_state })
    } else {
        Err(Unauthenticated)
    }
}

/// Whether the gate would let a key in, as long as its owner is active: it is not over, and the
/// membership is there in which it acts.
pub(crate) fn is_good(key: &ApiKey, owner: &UserWithMemberships, now: Timestamp) -> bool {
    let session = session_of(key, &owner.user, now);
    session.is_some_and(|session| {
        let membership = session.membership(&owner.memberships);
        membership.is_some_and(|membership| membership.log_key() == key.log_key())
    })
}

/// What a key is to everything that asks for a session: one that just began, and is not kept. None
/// where the key is over, or its owner's keys were ended since it was made.
fn session_of(key: &ApiKey, owner: &User, now: Timestamp) -> Option<Session> {
    let lives = key.is_alive(now) && owner.keys_ended_at.is_none_or(|at| key.created_at > at);
    lives.then(|| Session {
        id: SessionId::from_bytes(*key.id.as_bytes()),
        user_id: key.owner,
        organization: Some(key.organization.clone()),
        organization_id: key.organization_id,
        member_since: key.member_since,
        epoch: owner.epoch,
        generation: 0,
        rotated_at: now,
        access_used_generation: 0,
        refresh_expires_at: key.ends_at,
        ends_at: key.ends_at,
        ended_at: None,
        created_at: now,
        last_activity: now,
        client: Client::default(),
        page: None,
    })
}

/// Whether this account's session may be used: asked by the gate and by a refresh. Where it acts in
/// an organization, membership and organization have to be active.
pub(crate) fn may_go_on(
    person: &UserWithMemberships,
    session: &Session,
    catalogue_state: &CatalogueState,
    now: Timestamp,
) -> bool {
    let user = &person.user;
    let is_open = |membership: &Membership| {
        membership.status == MembershipStatus::Active
            && catalogue_state.is_open(&membership.log_key())
    };
    session.is_alive(now)
        && catalogue_state.ended_before.is_none_or(|at| session.created_at > at)
        && session.epoch == user.epoch
        && user.status == AccountStatus::Active
        && !user.is_locked(now)
        && (session.organization.is_none()
            || session.membership(&person.memberships).is_some_and(is_open))
}

/// `last_activity` is written at most this often.
pub(crate) const NOTE_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Whether this use has to be noted: the first of a new access token, the first that tells a page,
/// or the first for a minute; of a key, the first for an hour.
#[must_use]
pub fn needs_note(caller: &Caller, page: Option<&str>, now: Timestamp) -> bool {
    if let Some(key) = caller.key() {
        return key.needs_note(now);
    }
    is_first_use(caller) || tells_first_page(caller, page) || is_minute_over(caller, now)
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

pub(crate) fn is_minute_over(caller: &Caller, now: Timestamp) -> bool {
    now.duration_since(caller.session.last_activity) >= NOTE_EVERY
}

/// Whether a session's client says for the first time which page it shows: others see it at once.
pub(crate) fn tells_first_page(caller: &Caller, page: Option<&str>) -> bool {
    caller.session.page.is_none() && page.is_some_and(|page| !page.starts_with("/api/"))
}

pub(crate) fn is_first_use(caller: &Caller) -> bool {
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
