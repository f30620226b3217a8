use rolecall_domain::{
    activity::{Activity, Event, Extra, PendingEvents},
    clock::{SignedDuration, Timestamp},
    organization::LogKey,
    ports::{SetAside, StoreError},
    session::Client,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    StoredMail, V,
    activity_users::{self, StoredUsers},
    base64, id,
};
use crate::keys::{self, Key};

/// The pending events of a change, as JSON in one attribute: short, because it shares its item's
/// kilobyte.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredPendingEvents {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    activity: Option<StoredActivity>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mails: Vec<StoredMail>,
}

/// What is not the same for every activity of its type.
#[derive(Serialize, Deserialize)]
struct StoredActivity {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "org", default, skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    /// Whom it concerned, in the form of before there was an actor.
    #[serde(default, skip_serializing)]
    user: Option<String>,
    /// The id of who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actor_name: Option<String>,
    /// The id of whom it was done to, or that it is the actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    details: Map<String, Value>,
}

pub(crate) fn enclose(pending_events: &PendingEvents) -> Result<String, StoreError> {
    let stored = StoredPendingEvents {
        activity: pending_events.activity.as_ref().map(StoredActivity::from),
        mails: pending_events.mails.iter().map(StoredMail::from).collect(),
    };
    serde_json::to_string(&stored).map_err(|error| StoreError::Broken(error.to_string()))
}

/// The pending events of an attribute.
pub(crate) fn open(text: &str) -> Result<PendingEvents, StoreError> {
    let stored: StoredPendingEvents =
        serde_json::from_str(text).map_err(|error| StoreError::Broken(error.to_string()))?;
    let mails = stored.mails.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
    Ok(PendingEvents { activity: stored.activity.map(TryInto::try_into).transpose()?, mails })
}

/// Set aside pending events are kept this long.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The longest reason, in characters: it may quote what could not be read.
const LONGEST_REASON: usize = 500;

/// Pending events that nobody could file. Their text is in an attribute that `relay` does not look
/// at, so that an operator decides when it is tried again.
#[derive(Serialize)]
pub(crate) struct SetAsideItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    pending_events: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    reason: String,
    expires_at: i64,
}

impl SetAsideItem {
    pub(crate) fn new(set_aside: &SetAside<'_>, now: Timestamp) -> Self {
        Self {
            key: keys::set_aside(set_aside.record),
            entity: "set aside".to_owned(),
            v: V,
            pending_events: set_aside.pending_events.to_owned(),
            organization: set_aside.organization.map(str::to_owned),
            reason: set_aside.reason.chars().take(LONGEST_REASON).collect(),
            expires_at: now.as_second().saturating_add(KEPT.as_secs()),
        }
    }
}

impl From<&Activity> for StoredActivity {
    fn from(activity: &Activity) -> Self {
        let StoredUsers { actor, actor_name, subject, subject_name } = StoredUsers::of(activity);
        Self {
            id: activity.id.to_string(),
            kind: activity.what.activity_type.to_string(),
            organization: activity.organization.as_ref().map(LogKey::to_string),
            user: None,
            actor,
            actor_name,
            subject,
            subject_name,
            session: activity.session_id.map(|id| id.to_string()),
            address: activity.client.address.clone(),
            agent: activity.client.agent.clone(),
            details: activity.details.clone(),
        }
    }
}

impl TryFrom<StoredActivity> for Activity {
    type Error = StoreError;

    fn try_from(stored: StoredActivity) -> Result<Self, StoreError> {
        let unknown = || StoreError::Broken("an enclosed activity has an unknown type".to_owned());
        let [actor, subject] = if let Some(user) = &stored.user {
            let user = base64(id::<()>(user)?.as_bytes());
            activity_users::of_former(&stored.kind, Some(&user), &stored.details)?
        } else {
            let StoredActivity { actor, actor_name, subject, subject_name, .. } = &stored;
            let users = [actor, actor_name, subject, subject_name].map(Clone::clone);
            StoredUsers::from(users).read()?
        };
        Ok(Self {
            id: id(&stored.id)?,
            organization: stored.organization.map(LogKey::from_stored),
            what: Event::from_type(&stored.kind).ok_or_else(unknown)?.into(),
            actor,
            // What a service account tells of encloses nothing.
            service_id: None,
            subject,
            session_id: stored.session.as_deref().map(id).transpose()?,
            client: Client { address: stored.address, agent: stored.agent, language: None },
            details: stored.details,
            extra: Extra::default(),
            allowed_on: Vec::new(),
        })
    }
}
