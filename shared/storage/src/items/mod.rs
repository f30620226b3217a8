//! One stored struct an item type: never the domain's own, so that neither side's change breaks the
//! other.

mod account;
mod activity;
mod activity_stats;
mod activity_stream;
mod activity_users;
mod api_key;
mod appearance;
mod definition;
mod email_change;
mod erasure;
mod failed_logins;
mod idempotency;
mod invitation;
mod keys;
mod listed;
mod login;
mod membership;
mod one_time_token;
mod organization;
mod outbox;
mod pending_events;
mod presence;
mod session;
mod token_seed;

pub(crate) use account::{
    Account, DirectoryItem, SignUpItem, SpentItem, UserItem, UsernameMarker, account_attributes,
    account_of, user_with_memberships_of,
};
pub(crate) use activity::{ActivityItem, LogHourItem, TypeItem, counted};
pub(crate) use activity_stats::{
    ActivityStatsItem, ActivityStatsUsersItem, BehindItem, activity_stats_items,
};
pub(crate) use activity_stream::{ActivityStreamGroupItem, EntryItem, TemplatesItem};
pub(crate) use api_key::{ApiKeyItem, ApiKeyListItem, ReminderItem};
pub(crate) use appearance::{AppearanceItem, LogoItem};
pub(crate) use definition::DefinitionItem;
pub(crate) use erasure::ErasureItem;
pub(crate) use failed_logins::FailedLoginsItem;
pub(crate) use idempotency::IdempotencyItem;
pub(crate) use invitation::{InvitationEntry, InvitationItem};
pub(crate) use keys::KeyListItem;
pub(crate) use listed::{Card, FillingItem, ListedItem, PersonItem};
pub(crate) use login::{FormerEmailItem, Login, StoredDelivery, login_of, occupant_of};
pub(crate) use membership::StoredMembership;
pub(crate) use one_time_token::{NewOneTimeTokenItem, OneTimeTokenItem, PERIOD};
pub(crate) use organization::{
    EmployeeMarker, MemberItem, OrganizationItem, OrganizationStateItem,
};
pub(crate) use outbox::{DueMailItem, OutboxItem, StoredMail};
pub(crate) use pending_events::{SetAsideItem, enclose, open};
pub(crate) use presence::{PRESENCE_KEPT, seen_of, slot as presence_slot};
pub(crate) use session::SessionItem;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall_domain::{
    Violation,
    clock::{Timestamp, from_millis},
    ids::Id,
    ports::StoreError,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The version of every stored struct: what a later one is told apart by.
pub(crate) const V: u8 = 1;

/// An instant as the table keeps it: milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instant(pub(crate) Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.as_millisecond())
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let millis = i64::deserialize(deserializer)?;
        from_millis(millis).map(Self).ok_or_else(|| D::Error::custom("not an instant"))
    }
}

/// An instant as the table keeps it, back.
pub(crate) fn instant(millis: i64) -> Result<Timestamp, StoreError> {
    from_millis(millis).ok_or_else(|| StoreError::Broken(format!("{millis} is no instant")))
}

/// Seconds of the TTL attribute, back.
pub(crate) fn instant_of_seconds(seconds: i64) -> Result<Timestamp, StoreError> {
    instant(seconds.saturating_mul(1000))
}

/// An id as the table keeps it, back.
pub(crate) fn id<Kind>(text: &str) -> Result<Id<Kind>, StoreError> {
    text.parse().map_err(|_| StoreError::Broken("an id cannot be read".to_owned()))
}

/// The id of bytes as text, back.
pub(crate) fn id_of_base64<Kind>(text: &str) -> Result<Id<Kind>, StoreError> {
    let bytes = from_base64(text)?.try_into();
    bytes.map(Id::from_bytes).map_err(|_| StoreError::Broken("an id cannot be read".to_owned()))
}

/// A value that was parsed before it was stored, back.
pub(crate) fn parsed<T>(value: Result<T, Violation>) -> Result<T, StoreError> {
    value.map_err(|violation| StoreError::Broken(format!("a stored value is {}", violation.code)))
}

/// Bytes as text.
pub(crate) fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Text back to bytes.
pub(crate) fn from_base64(text: &str) -> Result<Vec<u8>, StoreError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| StoreError::Broken("stored bytes cannot be read".to_owned()))
}
