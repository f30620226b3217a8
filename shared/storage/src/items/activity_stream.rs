use std::collections::BTreeMap;

use rolecall_domain::{
    activity::{Category, RetentionPolicy, Severity},
    activity_stream::{ActivityStreamGroup, Entry, Shown, Template},
    clock::{SignedDuration, after},
    ids::EntryId,
    ports::StoreError,
    words::Line,
};
use serde::{Deserialize, Serialize};

use super::{V, id, parsed};
use crate::keys::{self, Key};

/// One entry of an activity stream. What it shows is stored, so that a page is one read.
#[derive(Serialize, Deserialize)]
pub(crate) struct EntryItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    group: String,
    first: String,
    latest: String,
    activity_type: String,
    category: String,
    severity: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    failed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subtitle: Option<String>,
    icon: String,
    color: String,
    count: u32,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    public: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pinned: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    follows: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    earlier: Option<String>,
    /// The ends of the latest activities' ids, apart by blanks.
    seen: String,
    version: u64,
    /// None for a pinned one, which stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

impl EntryItem {
    pub(crate) fn new(entry: &Entry, retention: &RetentionPolicy) -> Self {
        let Shown { title, subtitle, icon, color } = entry.shown.clone();
        let expires_at = (!entry.is_pinned)
            .then(|| retention.ends(entry.severity, entry.latest.made_at()).as_second());
        Self {
            key: keys::activity_stream_entry(&entry.organization, entry.id),
            entity: "feed entry".to_owned(),
            v: V,
            group: entry.group.clone(),
            first: entry.first.to_string(),
            latest: entry.latest.to_string(),
            activity_type: entry.activity_type.clone(),
            category: entry.category.as_str().to_owned(),
            severity: entry.severity.as_str().to_owned(),
            failed: !entry.success,
            user: entry.user_id.map(|id| id.to_string()),
            title,
            subtitle,
            icon,
            color,
            count: entry.count,
            public: entry.is_public,
            pinned: entry.is_pinned,
            follows: entry.follows.map(|id| id.to_string()),
            earlier: entry.earlier.map(|id| id.to_string()),
            seen: entry.seen.join(" "),
            version: entry.version,
            expires_at,
        }
    }
}

impl TryFrom<EntryItem> for Entry {
    type Error = StoreError;

    fn try_from(stored: EntryItem) -> Result<Self, StoreError> {
        let broken = || StoreError::Broken("the key of an entry cannot be read".to_owned());
        let EntryItem { title, subtitle, icon, color, .. } = stored;
        Ok(Self {
            id: id(&stored.key.sk)?,
            organization: keys::organization_of_activity_stream(&stored.key.pk)
                .ok_or_else(broken)?,
            group: stored.group,
            first: id(&stored.first)?,
            latest: id(&stored.latest)?,
            activity_type: stored.activity_type,
            category: parsed(Category::parse(&stored.category))?,
            severity: parsed(Severity::parse(&stored.severity))?,
            success: !stored.failed,
            user_id: stored.user.as_deref().map(id).transpose()?,
            shown: Shown { title, subtitle, icon, color },
            count: stored.count,
            is_public: stored.public,
            is_pinned: stored.pinned,
            follows: stored.follows.as_deref().map(id).transpose()?,
            earlier: stored.earlier.as_deref().map(id).transpose()?,
            seen: stored.seen.split(' ').map(str::to_owned).collect(),
            version: stored.version,
        })
    }
}

/// The latest entry of a group.
#[derive(Serialize, Deserialize)]
pub(crate) struct ActivityStreamGroupItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    pub(crate) group: String,
    now: String,
    expires_at: i64,
}

/// A group is of no use when its hour is over, and what comes late came.
const GROUP_KEPT: SignedDuration = SignedDuration::from_hours(48);

impl ActivityStreamGroupItem {
    pub(crate) fn new(organization: &str, group: &ActivityStreamGroup) -> Self {
        Self {
            key: keys::activity_stream_group(organization, &group.group),
            entity: "feed group".to_owned(),
            v: V,
            group: group.group.clone(),
            now: group.now.to_string(),
            expires_at: after(group.opened_at, GROUP_KEPT).as_second(),
        }
    }

    pub(crate) fn now(&self) -> Result<EntryId, StoreError> {
        id(&self.now)
    }
}

/// How entries of a type are shown, as an operator said.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredTemplate {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subtitle: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    icon: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    color: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    public: Option<bool>,
}

impl From<&Template> for StoredTemplate {
    fn from(template: &Template) -> Self {
        let text = |line: Option<&str>| line.map(str::to_owned);
        Self {
            title: text(template.title.as_ref().map(Line::as_str)),
            subtitle: text(template.subtitle.as_ref().map(Line::as_str)),
            icon: text(template.icon.as_ref().map(Line::as_str)),
            color: text(template.color.as_ref().map(Line::as_str)),
            public: template.is_public,
        }
    }
}

impl TryFrom<StoredTemplate> for Template {
    type Error = StoreError;

    fn try_from(stored: StoredTemplate) -> Result<Self, StoreError> {
        Ok(Self {
            title: stored.title.map(|text| parsed(Line::parse(&text))).transpose()?,
            subtitle: stored.subtitle.map(|text| parsed(Line::parse(&text))).transpose()?,
            icon: stored.icon.map(|text| parsed(Line::parse(&text))).transpose()?,
            color: stored.color.map(|text| parsed(Line::parse(&text))).transpose()?,
            is_public: stored.public,
        })
    }
}

/// All templates that an operator gave.
#[derive(Serialize, Deserialize)]
pub(crate) struct TemplatesItem {
    #[serde(flatten)]
    pub(crate) key: Key,
    pub(crate) entity: String,
    pub(crate) v: u8,
    pub(crate) version: u64,
    pub(crate) templates: BTreeMap<String, StoredTemplate>,
}
