use std::borrow::Cow;

use rolecall_domain::{
    activity::{
        Activity, Category, Extra, PLATFORM, RetentionPolicy, Severity, What, described, usual,
    },
    activity_stats::Counted,
    activity_stream,
    clock::Timestamp,
    organization::LogKey,
    ports::StoreError,
    session::Client,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{V, base64, id, id_of_base64};
use crate::{
    keys::{self, BY_TYPE, BY_USER, Key, SK},
    store::Item,
};

/// One activity, short: a page of lists and the hours of statistics are made of it. Its
/// organization is in its key, its type in `by_type`, its instant in its id, and what a built-in
/// type means in the program. Ids are their bytes in base64. `details` and `rest` are JSON text, so
/// that they come back as they went in.
#[derive(Serialize, Deserialize)]
pub(crate) struct ActivityItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    by_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by_user: Option<String>,
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
    /// Tells the stream of a type that the organization may not have had activities of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "enclosed")]
    pending_events: Option<String>,
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
        announcement: Option<String>,
    ) -> Result<Self, StoreError> {
        let organization = activity.organization.as_ref().map_or(PLATFORM, LogKey::as_str);
        let Activity { id, what, extra, client, .. } = activity;
        let shard = keys::shard(*id, retention.shards);
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
            by_type: keys::by_type(organization, &what.activity_type, shard),
            by_user: activity.user_id.map(keys::by_user),
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
            pending_events: announcement,
            activity_stream: activity_stream::belongs(what).then(|| "1".to_owned()),
            expires_at: retention.ends(what.severity, activity.at()).as_second(),
        })
    }
}

impl TryFrom<ActivityItem> for Activity {
    type Error = StoreError;

    fn try_from(stored: ActivityItem) -> Result<Self, StoreError> {
        let broken = || StoreError::Broken("an activity's keys cannot be read".to_owned());
        let rest: StoredRest = read(stored.rest.as_deref())?;
        let activity_type = keys::type_of(&stored.by_type).ok_or_else(broken)?.to_owned();
        let (category, severity) = read_kind(stored.kind, &activity_type)?;
        let description = stored
            .description
            .map_or_else(|| described(&activity_type).unwrap_or_default().into(), Cow::Owned);
        Ok(Self {
            id: id(&stored.key.sk)?,
            organization: Some(LogKey::from_stored(
                keys::organization_of(&stored.key.pk).ok_or_else(broken)?,
            )),
            what: What {
                activity_type: Cow::Owned(activity_type),
                category,
                severity,
                success: !stored.failed,
                description,
            },
            user_id: stored.by_user.as_deref().map(id_of_base64).transpose()?,
            session_id: stored.session.as_deref().map(id_of_base64).transpose()?,
            client: Client { address: stored.address, agent: stored.agent },
            details: read(stored.details.as_deref())?,
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
        user_id: text(BY_USER).map(id_of_base64).transpose()?,
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
}
