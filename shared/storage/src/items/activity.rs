use std::borrow::Cow;

use rolecall_domain::{
    activity::{Activity, Category, Extra, Keeping, PLATFORM, Severity, What, described},
    feed,
    ids::UserId,
    ports::StoreError,
    session::Client,
    stats::Counted,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{V, id, parsed};
use crate::keys::{self, Key};

/// One activity, short: a page of lists and the hours of statistics are made of it. Its organization is in its key, its
/// type in `by_type`, its instant in its id, and what a built-in type means in the program. `details` and `rest` are JSON
/// text, so that they come back as they went in.
#[derive(Serialize, Deserialize)]
pub(crate) struct ActivityItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    by_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by_user: Option<String>,
    category: String,
    severity: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    failed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session_id: Option<String>,
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
    enclosed: Option<String>,
    /// Tells the stream that it has a place in the feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    feed: Option<String>,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<String>,
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Broken(error.to_string()))
}

fn read<T: serde::de::DeserializeOwned + Default>(text: Option<&str>) -> Result<T, StoreError> {
    let read = |text| serde_json::from_str(text).map_err(|error| StoreError::Broken(error.to_string()));
    text.map_or_else(|| Ok(T::default()), read)
}

impl ActivityItem {
    pub(crate) fn new(activity: &Activity, keeping: &Keeping, announcement: Option<String>) -> Result<Self, StoreError> {
        let organization = activity.organization.as_deref().unwrap_or(PLATFORM);
        let Activity { id, what, extra, client, .. } = activity;
        let shard = keys::shard(*id, keeping.shards);
        let rest = StoredRest {
            error: extra.error_message.clone(),
            metadata: extra.metadata.clone(),
            tags: extra.tags.clone(),
            related: extra.related.clone(),
            request: extra.request_id.clone(),
        };
        let is_known = described(&what.activity_type) == Some(&what.description);
        Ok(Self {
            key: keys::activity(organization, what.is_flagged(), shard, *id),
            entity: "activity".to_owned(),
            v: V,
            by_type: keys::by_type(organization, &what.activity_type, shard),
            by_user: activity.user_id.map(|id| id.to_string()),
            category: what.category.as_str().to_owned(),
            severity: what.severity.as_str().to_owned(),
            failed: !what.success,
            description: (!is_known).then(|| what.description.to_string()),
            session_id: activity.session_id.map(|id| id.to_string()),
            address: client.address.clone(),
            agent: client.agent.clone(),
            details: if activity.details.is_empty() { None } else { Some(json(&activity.details)?) },
            micros: extra.micros,
            rest: if rest == StoredRest::default() { None } else { Some(json(&rest)?) },
            enclosed: announcement,
            feed: feed::belongs(what).then(|| "1".to_owned()),
            expires_at: keeping.ends(what.severity, activity.at()).as_second(),
        })
    }
}

impl TryFrom<ActivityItem> for Activity {
    type Error = StoreError;

    fn try_from(stored: ActivityItem) -> Result<Self, StoreError> {
        let broken = || StoreError::Broken("an activity's keys cannot be read".to_owned());
        let rest: StoredRest = read(stored.rest.as_deref())?;
        let activity_type = keys::type_of(&stored.by_type).ok_or_else(broken)?.to_owned();
        let description = stored.description.map_or_else(|| described(&activity_type).unwrap_or_default().into(), Cow::Owned);
        Ok(Self {
            id: id(&stored.key.sk)?,
            organization: Some(keys::organization_of(&stored.key.pk).ok_or_else(broken)?),
            what: What {
                activity_type: Cow::Owned(activity_type),
                category: parsed(Category::parse(&stored.category))?,
                severity: parsed(Severity::parse(&stored.severity))?,
                success: !stored.failed,
                description,
            },
            user_id: stored.by_user.as_deref().map(id).transpose()?,
            session_id: stored.session_id.as_deref().map(id).transpose()?,
            client: Client { address: stored.address, agent: stored.agent },
            details: read(stored.details.as_deref())?,
            extra: Extra {
                error_message: rest.error,
                metadata: rest.metadata,
                tags: rest.tags,
                micros: stored.micros,
                related: rest.related,
                request_id: rest.request,
            },
        })
    }
}

/// What statistics look at of an activity.
#[derive(Deserialize)]
pub(crate) struct CountedItem {
    #[serde(rename = "SK")]
    sk: String,
    by_type: String,
    #[serde(default)]
    by_user: Option<String>,
    category: String,
    severity: String,
    #[serde(default)]
    failed: bool,
    #[serde(default)]
    micros: Option<u64>,
}

impl CountedItem {
    /// The activity's id.
    pub(crate) fn id(&self) -> &str {
        &self.sk
    }

    /// Whom it concerns.
    pub(crate) fn user(&self) -> Result<Option<UserId>, StoreError> {
        self.by_user.as_deref().map(id).transpose()
    }

    /// What is counted, of the user that was read.
    pub(crate) fn counted(&self, user_id: Option<UserId>) -> Result<Counted<'_>, StoreError> {
        let broken = || StoreError::Broken("an activity's keys cannot be read".to_owned());
        Ok(Counted {
            activity_type: keys::type_of(&self.by_type).ok_or_else(broken)?,
            category: parsed(Category::parse(&self.category))?,
            severity: parsed(Severity::parse(&self.severity))?,
            success: !self.failed,
            user_id,
            micros: self.micros,
        })
    }
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
        Self { key: keys::activity_type(organization, category, activity_type), entity: "activity type".to_owned(), v: V }
    }
}
