use rolecall_domain::{
    clock::Timestamp,
    code::Code,
    organization::LogKey,
    ports::StoreError,
    session::{Client, Session},
};
use serde::{Deserialize, Serialize};

use super::{V, id, instant, parsed};
use crate::keys::{self, Key};

/// One login. Instants in milliseconds; `expires_at`, for TTL alone, in seconds.
#[derive(Serialize, Deserialize)]
pub(crate) struct SessionItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    id: String,
    user_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    /// What that organization's log is kept under, where it has an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    log: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_since: Option<i64>,
    epoch: u64,
    generation: u32,
    rotated_at: i64,
    access_used_generation: u32,
    refresh_expires_at: i64,
    ends_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended_at: Option<i64>,
    created_at: i64,
    last_activity: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "enclosed")]
    pending_events: Option<String>,
    expires_at: i64,
}

impl SessionItem {
    pub(crate) fn new(session: &Session, pending_events: String) -> Self {
        Self {
            key: keys::session(session.user_id, session.id),
            entity: "session".to_owned(),
            v: V,
            id: session.id.to_string(),
            user_id: session.user_id.to_string(),
            organization: session.organization.as_ref().map(ToString::to_string),
            log: session
                .log_key()
                .filter(|log| log.id().is_some())
                .map(|log| log.as_str().to_owned()),
            member_since: session.member_since.map(Timestamp::as_millisecond),
            epoch: session.epoch,
            generation: session.generation,
            rotated_at: session.rotated_at.as_millisecond(),
            access_used_generation: session.access_used_generation,
            refresh_expires_at: session.refresh_expires_at.as_millisecond(),
            ends_at: session.ends_at.as_millisecond(),
            ended_at: session.ended_at.map(Timestamp::as_millisecond),
            created_at: session.created_at.as_millisecond(),
            last_activity: session.last_activity.as_millisecond(),
            address: session.client.address.clone(),
            agent: session.client.agent.clone(),
            page: session.page.clone(),
            pending_events: Some(pending_events),
            expires_at: session.ends_at.as_second(),
        }
    }
}

impl TryFrom<SessionItem> for Session {
    type Error = StoreError;

    fn try_from(stored: SessionItem) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&stored.id)?,
            user_id: id(&stored.user_id)?,
            organization: parsed(stored.organization.as_deref().map(Code::parse).transpose())?,
            organization_id: stored.log.and_then(|log| LogKey::from_stored(log).id()),
            member_since: stored.member_since.map(instant).transpose()?,
            epoch: stored.epoch,
            generation: stored.generation,
            rotated_at: instant(stored.rotated_at)?,
            access_used_generation: stored.access_used_generation,
            refresh_expires_at: instant(stored.refresh_expires_at)?,
            ends_at: instant(stored.ends_at)?,
            ended_at: stored.ended_at.map(instant).transpose()?,
            created_at: instant(stored.created_at)?,
            last_activity: instant(stored.last_activity)?,
            client: Client { address: stored.address, agent: stored.agent, language: None },
            page: stored.page,
        })
    }
}
