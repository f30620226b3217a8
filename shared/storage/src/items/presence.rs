use aws_sdk_dynamodb::types::AttributeValue;
use rolecall_domain::{
    clock::{SignedDuration, Timestamp},
    ids::{SessionId, UserId},
    ports::StoreError,
    session::Presence,
};

use super::{id, instant};
use crate::{
    keys::SK,
    store::{Item, text},
};

/// Longer than anybody asks for.
pub(crate) const PRESENCE_KEPT: SignedDuration = SignedDuration::from_mins(15);

/// So many sessions of one user are told apart: who signs in again and again fills no item.
const SLOTS: u16 = 1_000;

/// Begins the attributes that have a session and when it was used.
const SLOT: &str = "session_";

/// The attribute of a session, and what it has.
pub(crate) fn slot(presence: &Presence) -> (String, AttributeValue) {
    let [.., high, low] = *presence.session_id.as_bytes();
    let number = u16::from_be_bytes([high, low]) % SLOTS;
    let used = format!("{} {}", presence.session_id, presence.at.as_millisecond());
    (format!("{SLOT}{number}"), text(used))
}

/// A user who was seen, and the sessions in which they were, with when.
pub(crate) fn seen_of(item: &Item) -> Result<(UserId, Vec<(SessionId, Timestamp)>), StoreError> {
    let user = item.get(SK).and_then(|key| key.as_s().ok());
    let slots = item.iter().filter(|(name, _)| name.starts_with(SLOT));
    let session = |used: &AttributeValue| {
        let used = used.as_s().map_or("", String::as_str).split_once(' ');
        let (session, millis) = used.ok_or_else(broken)?;
        Ok((id(session)?, instant(millis.parse().map_err(|_| broken())?)?))
    };
    let sessions = slots.map(|(_, used)| session(used)).collect::<Result<_, StoreError>>()?;
    Ok((id(user.map_or("", String::as_str))?, sessions))
}

fn broken() -> StoreError {
    StoreError::Broken("a presence cannot be read".to_owned())
}
