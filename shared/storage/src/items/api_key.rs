use rolecall_domain::{
    api_key::{ApiKey, DueReminder, FormerSecret, Networks, Scopes, SecretHash},
    code::Code,
    ids::{OrganizationId, UserId},
    ports::StoreError,
    words::Line,
};
use serde::{Deserialize, Serialize};

use super::{Instant, V, base64, from_base64, id, parsed};
use crate::keys::{self, Key};

/// An API key. Its secret is known by its hash alone.
#[derive(Serialize, Deserialize)]
pub(crate) struct ApiKeyItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    id: String,
    user_id: UserId,
    name: Line<100>,
    organization: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    organization_id: Option<OrganizationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_since: Option<Instant>,
    scopes: Vec<Code>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    networks: Vec<String>,
    secret: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    earlier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    former_until: Option<Instant>,
    days: u32,
    created_by: UserId,
    issued_by: UserId,
    created_at: Instant,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rotated_at: Option<Instant>,
    ends_at: Instant,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Instant>,
    version: u64,
    /// For TTL alone, in seconds.
    expires_at: i64,
}

impl From<&ApiKey> for ApiKeyItem {
    fn from(one: &ApiKey) -> Self {
        let hash = |secret: SecretHash| base64(&secret.0);
        let former = one.former.as_ref();
        Self {
            key: keys::api_key(one.owner, one.id),
            entity: "api key".to_owned(),
            v: V,
            id: one.id.to_string(),
            user_id: one.owner,
            name: one.name.clone(),
            organization: one.organization.clone(),
            organization_id: one.organization_id,
            member_since: one.member_since.map(Instant),
            scopes: one.scopes.iter().cloned().collect(),
            networks: one.networks.iter().map(ToString::to_string).collect(),
            secret: hash(one.secret),
            earlier: former.map(|former| hash(former.secret)),
            former_until: former.map(|former| Instant(former.until)),
            days: one.days.into(),
            created_by: one.created_by,
            issued_by: one.issued_by,
            created_at: Instant(one.created_at),
            rotated_at: one.rotated_at.map(Instant),
            ends_at: Instant(one.ends_at),
            last_used_at: one.last_used_at.map(Instant),
            version: one.version,
            expires_at: one.ends_at.as_second(),
        }
    }
}

impl TryFrom<ApiKeyItem> for ApiKey {
    type Error = StoreError;

    fn try_from(stored: ApiKeyItem) -> Result<Self, StoreError> {
        let broken = |what: &str| StoreError::Broken(format!("an API key has a wrong {what}"));
        let hash = |text: &str| {
            let bytes = from_base64(text)?.try_into().map_err(|_| broken("hash"))?;
            Ok::<_, StoreError>(SecretHash(bytes))
        };
        let former = stored.earlier.zip(stored.former_until).map(|(secret, until)| {
            Ok::<_, StoreError>(FormerSecret { secret: hash(&secret)?, until: until.0 })
        });
        let networks: Result<_, _> = stored.networks.iter().map(|text| text.parse()).collect();
        let networks: Vec<_> = networks.map_err(|_| broken("network"))?;
        Ok(Self {
            id: id(&stored.id)?,
            owner: stored.user_id,
            name: stored.name,
            organization: stored.organization,
            organization_id: stored.organization_id,
            member_since: stored.member_since.map(|at| at.0),
            scopes: parsed(Scopes::new(stored.scopes))?,
            networks: parsed(Networks::new(networks))?,
            secret: hash(&stored.secret)?,
            former: former.transpose()?,
            days: stored.days.try_into().map_err(|_| broken("life"))?,
            created_by: stored.created_by,
            issued_by: stored.issued_by,
            created_at: stored.created_at.0,
            rotated_at: stored.rotated_at.map(|at| at.0),
            ends_at: stored.ends_at.0,
            last_used_at: stored.last_used_at.map(|at| at.0),
            version: stored.version,
        })
    }
}

/// How often the list of a user's keys changed.
#[derive(Serialize, Deserialize)]
pub(crate) struct ApiKeyListItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    pub(crate) version: u64,
}

impl ApiKeyListItem {
    pub(crate) fn new(user: UserId, version: u64) -> Self {
        Self { key: keys::api_keys(user), entity: "api keys".to_owned(), v: V, version }
    }
}

/// That the owner of a key is to be told of its end.
#[derive(Serialize)]
pub(crate) struct ReminderItem {
    #[serde(flatten)]
    key: Key,
    entity: &'static str,
    v: u8,
    /// For TTL alone, in seconds: when the key is over, too.
    expires_at: i64,
}

impl ReminderItem {
    pub(crate) fn new(due: DueReminder, key: &ApiKey) -> Self {
        let expires_at = key.ends_at.as_second();
        Self { key: keys::reminder(due), entity: "key reminder", v: V, expires_at }
    }
}
