//! One stored struct an item type: never the domain's own, so that neither side's change breaks the other.

mod account;
mod activity;
mod once;
mod outbox;
mod session;

pub(crate) use account::{Login, PendingSignUp, UserItem, UsernameMarker, account_of};
pub(crate) use activity::ActivityItem;
pub(crate) use once::OnceItem;
pub(crate) use outbox::OutboxItem;
pub(crate) use session::SessionItem;

use rolecall_domain::{
    Violation,
    clock::{Timestamp, from_millis},
    ids::Id,
    ports::StoreError,
};

/// The version of every stored struct; a reader that meets a higher one refuses.
pub(crate) const V: u8 = 1;

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

/// A value that was parsed before it was stored, back.
pub(crate) fn parsed<T>(value: Result<T, Violation>) -> Result<T, StoreError> {
    value.map_err(|violation| StoreError::Broken(format!("a stored value is {}", violation.code)))
}
