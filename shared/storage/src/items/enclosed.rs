use rolecall_domain::{
    activity::{Activity, Enclosed, Event, PLATFORM},
    ports::StoreError,
    session::Client,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{StoredMail, id, instant};

/// What a change encloses, as JSON in one attribute: short, because it shares its item's kilobyte.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredEnclosed {
    activity: StoredActivity,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mails: Vec<StoredMail>,
}

/// What is not the same for every activity of its type.
#[derive(Serialize, Deserialize)]
struct StoredActivity {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    details: Map<String, Value>,
    at: i64,
}

/// The attribute's text.
pub(crate) fn enclose(enclosed: &Enclosed) -> Result<String, StoreError> {
    let activity = &enclosed.activity;
    let stored = StoredEnclosed {
        activity: StoredActivity {
            id: activity.id.to_string(),
            kind: activity.event.activity_type().to_owned(),
            user: activity.user_id.map(|id| id.to_string()),
            session: activity.session_id.map(|id| id.to_string()),
            address: activity.client.address.clone(),
            agent: activity.client.agent.clone(),
            details: activity.details.clone(),
            at: activity.at.as_millisecond(),
        },
        mails: enclosed.mails.iter().map(StoredMail::from).collect(),
    };
    serde_json::to_string(&stored).map_err(|error| StoreError::Broken(error.to_string()))
}

/// What a text of the attribute encloses.
pub(crate) fn open(text: &str) -> Result<Enclosed, StoreError> {
    let stored: StoredEnclosed = serde_json::from_str(text).map_err(|error| StoreError::Broken(error.to_string()))?;
    let unknown = || StoreError::Broken("an enclosed activity has an unknown type".to_owned());
    let one = stored.activity;
    let activity = Activity {
        id: id(&one.id)?,
        organization: PLATFORM,
        event: Event::from_type(&one.kind).ok_or_else(unknown)?,
        user_id: one.user.as_deref().map(id).transpose()?,
        session_id: one.session.as_deref().map(id).transpose()?,
        client: Client { address: one.address, agent: one.agent },
        details: one.details,
        at: instant(one.at)?,
    };
    let mails = stored.mails.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
    Ok(Enclosed { activity, mails })
}
