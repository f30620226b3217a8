use rolecall_domain::{
    activity::{Activity, PLATFORM},
    clock::SignedDuration,
    ports::StoreError,
};
use serde::Serialize;

use super::V;
use crate::keys::{self, Key};

/// Activities leave the table after this long.
const RETENTION: SignedDuration = SignedDuration::from_hours(400 * 24);

/// One activity. `details` is JSON text, so that it comes back as it went in.
#[derive(Serialize)]
pub(crate) struct ActivityItem {
    #[serde(flatten)]
    key: Key,
    entity: &'static str,
    v: u8,
    organization: String,
    activity_type: &'static str,
    category: &'static str,
    severity: &'static str,
    description: &'static str,
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<String>,
    at: i64,
    expires_at: i64,
}

impl TryFrom<&Activity> for ActivityItem {
    type Error = StoreError;

    fn try_from(activity: &Activity) -> Result<Self, StoreError> {
        let details = serde_json::to_string(&activity.details).map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(Self {
            key: keys::activity(activity.organization.as_deref().unwrap_or(PLATFORM), activity.at, 0, activity.id),
            entity: "activity",
            v: V,
            organization: activity.organization.clone().unwrap_or_else(|| PLATFORM.to_owned()),
            activity_type: activity.event.activity_type(),
            category: activity.event.category().as_str(),
            severity: activity.event.severity().as_str(),
            description: activity.event.description(),
            success: activity.event.success(),
            user_id: activity.user_id.map(|id| id.to_string()),
            session_id: activity.session_id.map(|id| id.to_string()),
            address: activity.client.address.clone(),
            agent: activity.client.agent.clone(),
            details: (!activity.details.is_empty()).then_some(details),
            at: activity.at.as_millisecond(),
            expires_at: activity.at.as_second().saturating_add(RETENTION.as_secs()),
        })
    }
}
