use aws_sdk_dynamodb::types::AttributeValue;
use rolecall_domain::{
    clock::{SignedDuration, Timestamp},
    ids::{SessionId, UserId},
    ports::StoreError,
};

use super::{id, instant};
use crate::{keys::SK, store::Item};

/// Longer than anybody asks for.
pub(crate) const PRESENCE_KEPT: SignedDuration = SignedDuration::from_mins(15);

/// Somebody who was seen: an attribute for each of their sessions, of its name, says when.
pub(crate) struct PresenceItem {
    pub(crate) user_id: UserId,
    pub(crate) sessions: Vec<(SessionId, Timestamp)>,
}

impl TryFrom<Item> for PresenceItem {
    type Error = StoreError;

    fn try_from(item: Item) -> Result<Self, StoreError> {
        let user_id = item.get(SK).and_then(|key| key.as_s().ok());
        let user_id = id(user_id.map_or("", String::as_str))?;
        let seen = |(name, at): (&String, &AttributeValue)| {
            let session: SessionId = name.parse().ok()?;
            Some((session, at.as_n().ok()?.parse::<i64>().ok()?))
        };
        let sessions = item.iter().filter_map(seen);
        let sessions = sessions.map(|(session, at)| Ok((session, instant(at)?)));
        Ok(Self { user_id, sessions: sessions.collect::<Result<_, StoreError>>()? })
    }
}
