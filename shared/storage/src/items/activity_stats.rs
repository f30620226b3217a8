use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use rolecall_domain::{
    activity::{Category, Severity},
    activity_stats::{Period, Statistics, Tally, Types, Users},
    clock::{SignedDuration, Timestamp, after},
    ids::UserId,
    ports::StoreError,
};
use serde::{Deserialize, Serialize};

use super::{Instant, V, id, parsed};
use crate::keys::{self, Key};

/// So few users lie in the item itself; more of them beside it, so that lists do not read them.
const INLINE: usize = 16;

/// Minutes are kept so long, in days.
const MINUTES_DAYS: i64 = 31;

/// The statistics of a period.
#[derive(Serialize, Deserialize)]
pub(crate) struct ActivityStatsItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    total: u64,
    by_users: u64,
    api_requests: u64,
    successes: u64,
    timed: u64,
    micros: u64,
    categories: BTreeMap<String, u64>,
    severities: BTreeMap<String, u64>,
    /// The largest ones.
    types: BTreeMap<String, u64>,
    /// The activities of all others.
    #[serde(default, skip_serializing_if = "is_zero")]
    other: u64,
    top: Vec<(String, u64)>,
    unique: u64,
    /// Everybody, 16 bytes of id and 8 of count each; missing where they lie beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    users: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

/// Everybody in the statistics of a period.
#[derive(Serialize, Deserialize)]
pub(crate) struct ActivityStatsUsersItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    users: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    registers: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

/// That an organization's statistics of an hour could not be made.
#[derive(Serialize, Deserialize)]
pub(crate) struct BehindItem {
    #[serde(flatten)]
    key: Key,
    entity: String,
    v: u8,
    organization: String,
    hour: Instant,
    expires_at: i64,
}

impl BehindItem {
    pub(crate) fn new(organization: &str, hour: Timestamp) -> Self {
        Self {
            key: keys::statistics_behind(organization, hour),
            entity: "statistics behind".to_owned(),
            v: V,
            organization: organization.to_owned(),
            hour: Instant(hour),
            // Its minutes are gone by then.
            expires_at: after(hour, SignedDuration::from_hours(MINUTES_DAYS * 24)).as_second(),
        }
    }

    pub(crate) fn read(self) -> (Timestamp, String) {
        (self.hour.0, self.organization)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out the field itself")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Minutes are kept for a month, hours for 400 days, days for good.
fn ends(period: Period, start: Timestamp) -> Option<i64> {
    let days = match period {
        Period::Minute => MINUTES_DAYS,
        Period::Hour => 400,
        Period::Day => return None,
    };
    Some(after(start, SignedDuration::from_hours(days * 24)).as_second())
}

fn pack(users: &[(UserId, u64)]) -> String {
    let bytes: Vec<u8> = users
        .iter()
        .flat_map(|(user, count)| [&user.as_bytes()[..], &count.to_be_bytes()].concat())
        .collect();
    STANDARD_NO_PAD.encode(bytes)
}

fn unpack(text: &str) -> Result<Vec<(UserId, u64)>, StoreError> {
    let broken = || StoreError::Broken("the users of statistics cannot be read".to_owned());
    let bytes = STANDARD_NO_PAD.decode(text).map_err(|_| broken())?;
    let (entries, []) = bytes.as_chunks::<24>() else {
        return Err(broken());
    };
    let entry = |entry: &[u8; 24]| {
        let (user, count) = (entry.first_chunk::<16>()?, entry.last_chunk::<8>()?);
        Some((UserId::from_bytes(*user), u64::from_be_bytes(*count)))
    };
    entries.iter().map(|one| entry(one).ok_or_else(broken)).collect()
}

/// What is written: the item, and everybody in it where they lie beside it.
pub(crate) fn activity_stats_items(
    organization: &str,
    period: Period,
    start: Timestamp,
    tally: &Tally,
) -> (ActivityStatsItem, Option<ActivityStatsUsersItem>) {
    let Statistics { tally: counts, top, unique, .. } = Statistics::of(start, tally);
    let (users, registers) = tally.users.parts();
    let is_inline = users.len() <= INLINE && registers.is_none();
    let beside = (!is_inline).then(|| ActivityStatsUsersItem {
        key: keys::statistics_users(organization, period, start),
        entity: "statistics users".to_owned(),
        v: V,
        users: pack(&users),
        registers: registers.map(|registers| STANDARD_NO_PAD.encode(registers)),
        expires_at: ends(period, start),
    });
    let item = ActivityStatsItem {
        key: keys::statistics(organization, period, start),
        entity: "statistics".to_owned(),
        v: V,
        total: counts.total,
        by_users: counts.by_users,
        api_requests: counts.api_requests,
        successes: counts.successes,
        timed: counts.timed,
        micros: counts.micros,
        categories: counts
            .categories
            .iter()
            .map(|(category, count)| (category.as_str().to_owned(), *count))
            .collect(),
        severities: counts
            .severities
            .iter()
            .map(|(severity, count)| (severity.as_str().to_owned(), *count))
            .collect(),
        types: counts.types.iter().map(|(name, count)| (name.to_owned(), count)).collect(),
        other: counts.types.other(),
        top: top.into_iter().map(|(user, count)| (user.to_string(), count)).collect(),
        unique,
        users: is_inline.then(|| pack(&users)),
        expires_at: ends(period, start),
    };
    (item, beside)
}

impl ActivityStatsItem {
    /// Whether everybody in it lies beside it.
    pub(crate) fn has_users_beside(&self) -> bool {
        self.users.is_none()
    }

    pub(crate) fn start(&self) -> Result<Timestamp, StoreError> {
        self.key
            .sk
            .parse()
            .map_err(|_| StoreError::Broken("a period of statistics has no beginning".to_owned()))
    }

    /// The statistics without everybody in them.
    pub(crate) fn read(self) -> Result<Statistics, StoreError> {
        let start = self.start()?;
        let top = self
            .top
            .iter()
            .map(|(user, count)| Ok((id(user)?, *count)))
            .collect::<Result<_, StoreError>>()?;
        let unique = self.unique;
        Ok(Statistics { start, top, unique, tally: self.tally(Users::default())? })
    }

    /// The statistics with everybody in them.
    pub(crate) fn whole(
        self,
        beside: Option<ActivityStatsUsersItem>,
    ) -> Result<(Timestamp, Tally), StoreError> {
        let missing = || StoreError::Broken("the users of statistics are missing".to_owned());
        let users = match (&self.users, beside) {
            (Some(users), _) => Users::new(unpack(users)?, None),
            (None, Some(beside)) => {
                let registers = beside
                    .registers
                    .as_deref()
                    .map(|text| STANDARD_NO_PAD.decode(text))
                    .transpose();
                let registers = registers.map_err(|_| missing())?.map(Vec::into_boxed_slice);
                Users::new(unpack(&beside.users)?, registers)
            }
            (None, None) => return Err(missing()),
        };
        Ok((self.start()?, self.tally(users)?))
    }

    fn tally(self, users: Users) -> Result<Tally, StoreError> {
        let categories = self
            .categories
            .iter()
            .map(|(name, count)| Ok((parsed(Category::parse(name))?, *count)));
        let severities = self
            .severities
            .iter()
            .map(|(name, count)| Ok((parsed(Severity::parse(name))?, *count)));
        Ok(Tally {
            total: self.total,
            by_users: self.by_users,
            api_requests: self.api_requests,
            successes: self.successes,
            categories: categories.collect::<Result<_, StoreError>>()?,
            severities: severities.collect::<Result<_, StoreError>>()?,
            types: Types::new(self.types, self.other),
            timed: self.timed,
            micros: self.micros,
            users,
        })
    }
}

impl ActivityStatsUsersItem {
    pub(crate) fn start(&self) -> &str {
        &self.key.sk
    }
}
