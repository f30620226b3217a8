//! What one signed-in user may do in a minute, counted where it costs next to nothing.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use crate::model::{
    clock::{SignedDuration, Timestamp, after, start_of},
    ids::UserId,
    settings::Settings,
    throttle::TooMany,
};

#[cfg(test)]
mod tests;

/// The period of every quota.
const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// A process tells the table of so many parts of a quota, one at a time; the first one it keeps to
/// itself. So nobody who stays below a tenth costs a write, and several processes together let at
/// most a tenth more through each.
const PARTS: u32 = 10;

/// Users that are remembered at once.
const MOST_USERS: usize = 10_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quota {
    /// Calls that change something.
    Writes,
    /// Sign-ins that succeed.
    SignIns,
    /// Activities that are tracked.
    Activities,
}

impl Quota {
    /// Its name in keys and records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Writes => "user-writes",
            Self::SignIns => "user-sign-ins",
            Self::Activities => "user-activities",
        }
    }

    /// How many a user has in a minute.
    #[must_use]
    pub fn most(self, settings: &Settings, is_service: bool) -> u32 {
        match self {
            Self::Writes => settings.user_writes,
            Self::SignIns => settings.user_sign_ins,
            Self::Activities if is_service => settings.service_activities,
            Self::Activities => settings.user_activities,
        }
    }
}

/// Something that is to be told to the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    pub quota: Quota,
    pub user: UserId,
    /// When the minute began.
    pub window: Timestamp,
    /// How many more there were.
    pub more: u32,
}

/// There were too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    pub too_many: TooMany,
    /// Whether it is the first refusal of this minute.
    pub is_first: bool,
}

/// A user's minute, as one process knows it.
#[derive(Debug, Clone, Copy)]
struct Count {
    window: Timestamp,
    own: u32,
    /// What the table was told of, of `own`.
    told: u32,
    /// What all others had told it then.
    others: u32,
    is_refused: bool,
}

impl Count {
    fn new(window: Timestamp) -> Self {
        Self { window, own: 0, told: 0, others: 0, is_refused: false }
    }

    fn has_room(&self, more: u32, most: u32) -> bool {
        self.own.saturating_add(self.others).saturating_add(more) <= most
    }
}

/// What the users of a process have spent of their quotas in this minute.
#[derive(Debug, Default)]
pub struct Quotas(Mutex<BTreeMap<(Quota, UserId), Count>>);

impl Quotas {
    /// Takes `more` out of a user's quota of `most`, or nothing; and what is to be told of it.
    pub(crate) fn spend(
        &self,
        (quota, user): (Quota, UserId),
        more: u32,
        most: u32,
        now: Timestamp,
    ) -> Result<Option<Report>, Spent> {
        let window = start_of(now, MINUTE);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_USERS && !counts.contains_key(&(quota, user)) {
            counts.retain(|_, count| count.window == window);
            if counts.len() >= MOST_USERS {
                counts.clear();
            }
        }
        let count = counts.entry((quota, user)).or_insert(Count::new(window));
        if count.window != window {
            *count = Count::new(window);
        }
        if !count.has_room(more, most) {
            let is_first = !std::mem::replace(&mut count.is_refused, true);
            let too_many = TooMany(after(window, MINUTE).duration_since(now));
            return Err(Spent { too_many, is_first });
        }
        count.own += more;
        let untold = count.own - count.told;
        if untold <= most.div_ceil(PARTS) {
            return Ok(None);
        }
        count.told = count.own;
        Ok(Some(Report { quota, user, window, more: untold }))
    }

    /// Learns what all processes together told the table, this one's report among it.
    pub(crate) fn learn(&self, report: &Report, total: u32) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get_mut(&(report.quota, report.user));
        if let Some(count) = count.filter(|count| count.window == report.window) {
            count.others = count.others.max(total.saturating_sub(count.told));
        }
    }
}
