//! Ids: `UUIDv7` (RFC 9562 §5.7), one type per kind of thing, made from injected clock and rng.

use std::{cmp::Ordering, fmt, marker::PhantomData, str::FromStr};

use uuid::{Builder, Uuid};

use crate::model::{
    clock::{Clock, Timestamp, from_millis},
    rng::{self, Rng},
};

/// An id of one kind of thing; ids of two kinds cannot be mixed up.
pub struct Id<Kind> {
    uuid: Uuid,
    kind: PhantomData<fn() -> Kind>,
}

/// Marks ids of users.
#[derive(Debug)]
pub enum UserKind {}

/// Marks ids of sessions.
#[derive(Debug)]
pub enum SessionKind {}

/// Marks ids of organizations.
#[derive(Debug)]
pub enum OrganizationKind {}

/// Marks ids of invitations.
#[derive(Debug)]
pub enum InvitationKind {}

/// Marks ids of mails in the outbox.
#[derive(Debug)]
pub enum MailKind {}

/// Marks ids of API keys.
#[derive(Debug)]
pub enum ApiKeyKind {}

/// Marks ids of activities.
#[derive(Debug)]
pub enum ActivityKind {}

/// Marks ids of entries of the activity stream.
#[derive(Debug)]
pub enum EntryKind {}

/// Marks ids of writes.
#[derive(Debug)]
pub enum WriteKind {}

pub type UserId = Id<UserKind>;

/// A session's id: the `sid` of its access tokens.
pub type SessionId = Id<SessionKind>;

/// An organization's id, which no other one ever has: its code another one may have later.
pub type OrganizationId = Id<OrganizationKind>;

/// An invitation's id.
pub type InvitationId = Id<InvitationKind>;

/// A mail's id in the outbox.
pub type MailId = Id<MailKind>;

/// An API key's id: the `sid` of what is done with it.
pub type ApiKeyId = Id<ApiKeyKind>;

pub type ActivityId = Id<ActivityKind>;

/// An id of an entry of the activity stream.
pub type EntryId = Id<EntryKind>;

/// Names one transaction, so that its retry is the same write (`ClientRequestToken`).
pub type WriteId = Id<WriteKind>;

impl<Kind> Id<Kind> {
    /// A new id that sorts by the time it was made.
    pub fn new(clock: &dyn Clock, rng: &dyn Rng) -> Self {
        let millis = u64::try_from(clock.now().as_millisecond()).unwrap_or_default();
        let random = rng::bytes::<10>(rng);
        Self::from_uuid(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// When it was made, to the millisecond.
    #[must_use]
    pub fn made_at(&self) -> Timestamp {
        // RFC 9562 §5.7: the first 48 bits are milliseconds.
        let millis = self.uuid.as_u128() >> 80;
        i64::try_from(millis).ok().and_then(from_millis).unwrap_or(Timestamp::MAX)
    }

    /// The id that comes next in order.
    #[must_use]
    pub fn next(&self) -> Self {
        Self::from_uuid(Uuid::from_u128(self.uuid.as_u128().saturating_add(1)))
    }

    /// The 16 bytes of the id.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.uuid.as_bytes()
    }

    /// The id of these 16 bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self::from_uuid(Uuid::from_bytes(bytes))
    }

    fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, kind: PhantomData }
    }
}

impl<Kind> Clone for Id<Kind> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Kind> Copy for Id<Kind> {}

impl<Kind> PartialEq for Id<Kind> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}

impl<Kind> Eq for Id<Kind> {}

impl<Kind> PartialOrd for Id<Kind> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By the time it was made.
impl<Kind> Ord for Id<Kind> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}

impl<Kind> fmt::Display for Id<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.hyphenated().fmt(f)
    }
}

impl<Kind> fmt::Debug for Id<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a hyphenated UUID.
#[derive(Debug, thiserror::Error)]
#[error("not an id")]
pub struct IdError;

impl<Kind> FromStr for Id<Kind> {
    type Err = IdError;

    /// Reads the form that [`Display`](fmt::Display) writes, in letters of either case (RFC 9562
    /// §4): neither without hyphens, nor in braces, nor as a URN.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let id = Self::from_uuid(Uuid::try_parse(text).map_err(|_| IdError)?);
        if id.to_string().eq_ignore_ascii_case(text) { Ok(id) } else { Err(IdError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::SystemClock;
    use crate::model::rng::SystemRng;

    #[test]
    fn an_id_is_a_uuid_of_version_7_and_reads_back() {
        let id = UserId::new(&SystemClock, &SystemRng);
        assert_eq!(id.uuid.get_version_num(), 7);
        assert_eq!(id.to_string().parse::<UserId>().unwrap(), id);
        assert_eq!(UserId::from_bytes(*id.as_bytes()), id);
        let age = SystemClock.now().as_millisecond() - id.made_at().as_millisecond();
        assert!((0..1000).contains(&age), "{age}");
    }

    #[test]
    fn only_the_hyphenated_form_is_an_id_in_either_case() {
        let id = UserId::new(&SystemClock, &SystemRng).to_string();
        assert_eq!(id.to_uppercase().parse::<UserId>().unwrap().to_string(), id);
        assert!(format!("urn:uuid:{id}").parse::<UserId>().is_err());
        assert!(id.replace('-', "").parse::<UserId>().is_err());
        assert!(format!("{{{id}}}").parse::<UserId>().is_err());
    }
}
