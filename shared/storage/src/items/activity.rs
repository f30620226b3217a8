use std::borrow::Cow;

use rolecall_domain::{
    activity::{
        Activity, Category, Extra, PLATFORM, RetentionPolicy, Severity, What, described, usual,
    },
    activity_stats::Counted,
    activity_stream,
    clock::{SignedDuration, Timestamp, after},
    organization::LogKey,
    ports::StoreError,
    session::Client,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    activity_users::{self, StoredUsers},
    base64, id,
};
use crate::{
    keys::{self, BY_TYPE, Key, SK},
    store::Item,
};

/// The version of this form: in the first one there was one user, whom it concerned.
const V: u8 = 2;

/// One activity, short: a page of lists and the hours of statistics are made of it. Its
/// organization is in its key, its type in `by_type`, its instant in its id, and what a built-in
/// type means in the program. Ids are their bytes in base64. `details` and `rest` are JSON text, so
/// that they come back as they went in.
///
/// Its entries are the same once more, under other keys and in no index.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ActivityItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by_type: Option<String>,
    /// The type of an entry.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    activity_type: Option<String>,
    /// That its entries are still to be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by_user: Option<String>,
    /// The id of who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actor_name: Option<String>,
    /// The id of the service account that told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service: Option<String>,
    /// The id of whom it was done to, or that it is the actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject_name: Option<String>,
    /// Category and severity, where they are not the usual ones of its type: see [`kind`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<u8>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    failed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    details: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    micros: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rest: Option<String>,
    /// Tells the stream that it may be the first of its hour or type, or has no entries yet.
    #[serde(rename = "enclosed", default, skip_serializing_if = "Option::is_none")]
    noted: Option<String>,
    /// Tells the stream that it has a place in the activity stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "feed")]
    activity_stream: Option<String>,
    expires_at: i64,
}

/// What few activities have.
#[derive(Default, PartialEq, Serialize, Deserialize)]
struct StoredRest {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    metadata: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    related: Option<(String, String)>,
}

/// Category and severity as one number: their places, tens and ones. None where they are the usual
/// ones of the type.
fn kind(what: &What) -> Option<u8> {
    if usual(&what.activity_type) == Some((what.category, what.severity)) {
        return None;
    }
    let category = Category::ALL.iter().position(|one| *one == what.category)?;
    let severity = Severity::ALL.iter().position(|one| *one == what.severity)?;
    u8::try_from(category * 10 + severity).ok()
}

fn read_kind(kind: Option<u8>, activity_type: &str) -> Result<(Category, Severity), StoreError> {
    let read = |kind: u8| {
        let (category, severity) = (usize::from(kind / 10), usize::from(kind % 10));
        Some((*Category::ALL.get(category)?, *Severity::ALL.get(severity)?))
    };
    let found = kind.map_or_else(|| usual(activity_type), read);
    found.ok_or_else(|| StoreError::Broken("an activity is of no kind".to_owned()))
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Broken(error.to_string()))
}

fn read<T: serde::de::DeserializeOwned + Default>(text: Option<&str>) -> Result<T, StoreError> {
    let read =
        |text| serde_json::from_str(text).map_err(|error| StoreError::Broken(error.to_string()));
    text.map_or_else(|| Ok(T::default()), read)
}

impl ActivityItem {
    pub(crate) fn new(
        activity: &Activity,
        retention: &RetentionPolicy,
    ) -> Result<Self, StoreError> {
        let organization = activity.organization.as_ref().map_or(PLATFORM, LogKey::as_str);
        let Activity { id, what, extra, client, .. } = activity;
        let shard = keys::shard(*id, retention.shards);
        let StoredUsers { actor, actor_name, subject, subject_name } = StoredUsers::of(activity);
        let rest = StoredRest {
            error: extra.error_message.clone(),
            metadata: extra.metadata.clone(),
            tags: extra.tags.clone(),
            related: extra.related.clone(),
        };
        let is_known = described(&what.activity_type) == Some(&what.description);
        Ok(Self {
            key: keys::activity(organization, what.is_flagged(), shard, *id),
            entity: "activity".to_owned(),
            v: V,
            by_type: Some(keys::by_type(organization, &what.activity_type, shard)),
            activity_type: None,
            by_user: None,
            actor,
            actor_name,
            service: activity.service_id.map(|id| base64(id.as_bytes())),
            subject,
            subject_name,
            kind: kind(what),
            failed: !what.success,
            description: (!is_known).then(|| what.description.to_string()),
            session: activity.session_id.map(|id| base64(id.as_bytes())),
            request: extra.request_id.clone(),
            address: client.address.clone(),
            agent: client.agent.clone(),
            details: if activity.details.is_empty() {
                None
            } else {
                Some(json(&activity.details)?)
            },
            micros: extra.micros,
            rest: if rest == StoredRest::default() { None } else { Some(json(&rest)?) },
            noted: None,
            activity_stream: activity_stream::belongs(what).then(|| "1".to_owned()),
            expires_at: retention.ends(what.severity, activity.at()).as_second(),
        })
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// The same, of which the stream is told or not.
    pub(crate) fn noted(self, is_news: bool) -> Self {
        Self { noted: is_news.then(|| NOTHING_ENCLOSED.to_owned()), ..self }
    }

    /// The same, whose entries `relay` is to make.
    pub(crate) fn pending(self) -> Self {
        let organization = keys::place_of_activity(&self.key).map(|(organization, _)| organization);
        Self {
            by_user: organization.map(|organization| keys::pending(&organization)),
            noted: Some(NOTHING_ENCLOSED.to_owned()),
            ..self
        }
    }

    /// The same once more, under another key.
    pub(crate) fn entry(&self, key: Key) -> Self {
        let activity_type = self.by_type.as_deref().and_then(keys::type_of).map(str::to_owned);
        Self {
            key,
            entity: "activity entry".to_owned(),
            by_type: None,
            activity_type,
            by_user: None,
            noted: None,
            activity_stream: None,
            ..self.clone()
        }
    }
}

/// What an item encloses that has nothing to hand on but itself.
const NOTHING_ENCLOSED: &str = "{}";

impl TryFrom<ActivityItem> for Activity {
    type Error = StoreError;

    fn try_from(stored: ActivityItem) -> Result<Self, StoreError> {
        let broken = || StoreError::Broken("an activity's keys cannot be read".to_owned());
        let rest: StoredRest = read(stored.rest.as_deref())?;
        let activity_type = stored
            .activity_type
            .as_deref()
            .or_else(|| keys::type_of(stored.by_type.as_deref()?))
            .ok_or_else(broken)?
            .to_owned();
        let (category, severity) = read_kind(stored.kind, &activity_type)?;
        let (organization, place) = keys::place_of_activity(&stored.key).ok_or_else(broken)?;
        let details = read(stored.details.as_deref())?;
        let [actor, subject] = if stored.v < V {
            activity_users::of_former(&activity_type, stored.by_user.as_deref(), &details)?
        } else {
            let ActivityItem { actor, actor_name, subject, subject_name, .. } = &stored;
            let users = [actor, actor_name, subject, subject_name].map(Clone::clone);
            StoredUsers::from(users).read()?
        };
        let description = stored
            .description
            .map_or_else(|| described(&activity_type).unwrap_or_default().into(), Cow::Owned);
        Ok(Self {
            id: id(place)?,
            organization: Some(LogKey::from_stored(organization)),
            what: What {
                activity_type: Cow::Owned(activity_type),
                category,
                severity,
                success: !stored.failed,
                description,
            },
            actor,
            service_id: stored.service.as_deref().map(super::id_of_base64).transpose()?,
            subject,
            session_id: stored.session.as_deref().map(super::id_of_base64).transpose()?,
            client: Client { address: stored.address, agent: stored.agent, language: None },
            details,
            extra: Extra {
                error_message: rest.error,
                metadata: rest.metadata,
                tags: rest.tags,
                micros: stored.micros,
                related: rest.related,
                request_id: stored.request,
            },
            allowed_on: Vec::new(),
        })
    }
}

/// What statistics look at of an activity, read in place: there are many.
pub(crate) fn counted(item: &Item) -> Result<(Timestamp, Counted<'_>), StoreError> {
    let broken = || StoreError::Broken("an activity cannot be counted".to_owned());
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str);
    let at = text(SK).and_then(keys::instant_of).ok_or_else(broken)?;
    let activity_type = text(BY_TYPE).and_then(keys::type_of).ok_or_else(broken)?;
    let (category, severity) = read_kind(whole(item, "kind")?, activity_type)?;
    let counted = Counted {
        activity_type,
        category,
        severity,
        success: !item.contains_key("failed"),
        actor: activity_users::counted(item, activity_type)?,
        micros: whole(item, "micros")?,
    };
    Ok((at, counted))
}

/// A whole number that an item may have.
fn whole<T: std::str::FromStr>(item: &Item, name: &str) -> Result<Option<T>, StoreError> {
    let Some(value) = item.get(name) else {
        return Ok(None);
    };
    let number = value.as_n().ok().and_then(|number| number.parse().ok());
    number
        .map(Some)
        .ok_or_else(|| StoreError::Broken(format!("`{name}` of an activity is no number")))
}

/// That an organization has activities of a type.
#[derive(Serialize, Deserialize)]
pub(crate) struct TypeItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
}

impl TypeItem {
    pub(crate) fn new(organization: &str, category: &str, activity_type: &str) -> Self {
        Self {
            key: keys::activity_type(organization, category, activity_type),
            entity: "activity type".to_owned(),
            v: V,
        }
    }

    /// Whether it was listed when the types that were not had no entries.
    pub(crate) fn is_former(item: &Item) -> bool {
        !matches!(whole::<u8>(item, "v"), Ok(Some(v)) if v >= V)
    }
}

/// That something happened in an organization in an hour.
#[derive(Serialize)]
pub(crate) struct LogHourItem {
    #[serde(flatten)]
    key: Key,
    entity: &'static str,
    v: u8,
    expires_at: i64,
}

/// It is known so long: statistics are made up for after an outage.
const HOURS_KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);

impl LogHourItem {
    pub(crate) fn new(organization: &str, hour: Timestamp) -> Self {
        Self {
            key: keys::log_hour(hour, organization),
            entity: "log hour",
            v: super::V,
            expires_at: after(hour, HOURS_KEPT).as_second(),
        }
    }
}
