use rolecall_domain::{
    clock::{SignedDuration, Timestamp},
    mail::TokenHash,
    ports::StoreError,
    session::{FailedLogins, SourceFailures},
};
use serde::{Deserialize, Serialize};

use super::{V, instant};
use crate::keys::{self, Key};

/// A record leaves the table after this long without a change.
const KEPT: SignedDuration = SignedDuration::from_hours(31 * 24);

/// The failed sign-ins to an address.
#[derive(Serialize, Deserialize)]
pub(crate) struct FailedLoginsItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    version: u64,
    failures: u32,
    #[serde(default)]
    device_failures: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locked_until: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unlock: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unlock_made_at: Option<i64>,
    sources: Vec<StoredSource>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "enclosed")]
    pending_events: Option<String>,
    expires_at: i64,
}

#[derive(Serialize, Deserialize)]
struct StoredSource {
    name: String,
    n: u32,
    at: i64,
}

impl FailedLoginsItem {
    pub(crate) fn new(
        email: &str,
        failed_logins: &FailedLogins,
        pending_events: Option<String>,
        now: Timestamp,
    ) -> Self {
        let stored = |one: &SourceFailures| StoredSource {
            name: one.name.clone(),
            n: one.failures,
            at: one.last.as_millisecond(),
        };
        Self {
            key: keys::failed_logins(email),
            entity: "attempts".to_owned(),
            v: V,
            version: failed_logins.version,
            failures: failed_logins.failures,
            device_failures: failed_logins.device_failures,
            locked_until: failed_logins.locked_until.map(Timestamp::as_millisecond),
            unlock: failed_logins.unlock.as_ref().map(|hash| hash.as_str().to_owned()),
            unlock_made_at: failed_logins.unlock_made_at.map(Timestamp::as_millisecond),
            sources: failed_logins.sources.iter().map(stored).collect(),
            pending_events,
            expires_at: failed_logins
                .locked_until
                .map_or(now, |until| until.max(now))
                .as_second()
                .saturating_add(KEPT.as_secs()),
        }
    }
}

impl TryFrom<FailedLoginsItem> for FailedLogins {
    type Error = StoreError;

    fn try_from(stored: FailedLoginsItem) -> Result<Self, StoreError> {
        let source = |one: StoredSource| {
            Ok(SourceFailures { name: one.name, failures: one.n, last: instant(one.at)? })
        };
        Ok(Self {
            version: stored.version,
            failures: stored.failures,
            device_failures: stored.device_failures,
            locked_until: stored.locked_until.map(instant).transpose()?,
            unlock: stored.unlock.map(TokenHash::from_stored),
            unlock_made_at: stored.unlock_made_at.map(instant).transpose()?,
            sources: stored.sources.into_iter().map(source).collect::<Result<_, StoreError>>()?,
        })
    }
}
