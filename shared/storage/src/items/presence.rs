use rolecall_domain::{
    clock::SignedDuration, organization::LogKey, ports::StoreError, session::Presence,
};
use serde::{Deserialize, Serialize};

use super::{V, id, instant};
use crate::keys::{self, Key};

/// Longer than anybody asks for.
const KEPT: SignedDuration = SignedDuration::from_mins(15);

/// Somebody who was seen.
#[derive(Serialize, Deserialize)]
pub(crate) struct PresenceItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    organization: String,
    #[serde(default)]
    is_member: bool,
    user_id: String,
    username: String,
    last_activity: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    expires_at: i64,
}

impl PresenceItem {
    pub(crate) fn new(presence: &Presence, shards: u8) -> Self {
        Self {
            key: keys::presence(
                presence.organization.as_str(),
                presence.last_activity,
                presence.user_id,
                shards,
            ),
            entity: "presence".to_owned(),
            v: V,
            organization: presence.organization.as_str().to_owned(),
            is_member: presence.is_member,
            user_id: presence.user_id.to_string(),
            username: presence.username.clone(),
            last_activity: presence.last_activity.as_millisecond(),
            page: presence.page.clone(),
            agent: presence.agent.clone(),
            expires_at: presence.last_activity.as_second().saturating_add(KEPT.as_secs()),
        }
    }
}

impl TryFrom<PresenceItem> for Presence {
    type Error = StoreError;

    fn try_from(stored: PresenceItem) -> Result<Self, StoreError> {
        Ok(Self {
            organization: LogKey::from_stored(stored.organization),
            is_member: stored.is_member,
            user_id: id(&stored.user_id)?,
            username: stored.username,
            last_activity: instant(stored.last_activity)?,
            page: stored.page,
            agent: stored.agent,
        })
    }
}
