use rolecall_domain::{activity::Activity, clock::SignedDuration};
use serde::Serialize;

use super::V;
use crate::keys::{self, Key};

/// Activities leave the table after this long.
const RETENTION: SignedDuration = SignedDuration::from_hours(400 * 24);

/// One activity.
#[derive(Serialize)]
pub(crate) struct ActivityItem {
    #[serde(flatten)]
    key: Key,
    entity: &'static str,
    v: u8,
    activity_type: &'static str,
    category: &'static str,
    severity: &'static str,
    description: &'static str,
    success: bool,
    user_id: String,
    session_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    at: i64,
    expires_at: i64,
}

impl From<&Activity> for ActivityItem {
    fn from(activity: &Activity) -> Self {
        Self {
            key: keys::activity(activity.organization, activity.at, 0, activity.id),
            entity: "activity",
            v: V,
            activity_type: activity.activity_type,
            category: activity.category.as_str(),
            severity: activity.severity.as_str(),
            description: activity.description,
            success: activity.success,
            user_id: activity.user_id.to_string(),
            session_id: activity.session_id.to_string(),
            address: activity.address.clone(),
            agent: activity.agent.clone(),
            at: activity.at.as_millisecond(),
            expires_at: activity.at.as_second().saturating_add(RETENTION.as_secs()),
        }
    }
}
