use std::collections::BTreeMap;

use super::{types::Types, users::Users};
use crate::model::{
    activity::Activity,
    event::{API_REQUEST, Category, Severity},
    ids::UserId,
};

/// What statistics look at of an activity.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    pub activity_type: &'a str,
    /// What it is about.
    pub category: Category,
    /// How much it matters.
    pub severity: Severity,
    /// Whether what was tried worked.
    pub success: bool,
    /// Who did it.
    pub actor: Option<UserId>,
    /// How long it took, in microseconds.
    pub micros: Option<u64>,
}

impl<'a> From<&'a Activity> for Counted<'a> {
    fn from(activity: &'a Activity) -> Self {
        Self {
            activity_type: &activity.what.activity_type,
            category: activity.what.category,
            severity: activity.what.severity,
            success: activity.what.success,
            actor: activity.actor.as_ref().map(|actor| actor.id),
            micros: activity.extra.micros,
        }
    }
}

/// Activities, counted. Counting them one by one, in any order, or in parts that are merged, comes
/// to the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub total: u64,
    pub by_users: u64,
    /// Calls of the API.
    pub api_requests: u64,
    pub successes: u64,
    pub categories: BTreeMap<Category, u64>,
    pub severities: BTreeMap<Severity, u64>,
    pub types: Types,
    /// Those that say how long they took.
    pub timed: u64,
    /// How long they took, in microseconds.
    pub micros: u64,
    pub users: Users,
}

impl Tally {
    pub fn count(&mut self, one: Counted<'_>) {
        self.total += 1;
        self.successes += u64::from(one.success);
        *self.categories.entry(one.category).or_default() += 1;
        *self.severities.entry(one.severity).or_default() += 1;
        self.types.count(one.activity_type);
        self.api_requests += u64::from(one.activity_type == API_REQUEST);
        if let Some(micros) = one.micros {
            self.timed += 1;
            self.micros = self.micros.saturating_add(micros);
        }
        if let Some(user) = one.actor {
            self.by_users += 1;
            self.users.count(user);
        }
    }

    /// The activities of another part.
    pub fn merge(&mut self, other: &Self) {
        self.total += other.total;
        self.by_users += other.by_users;
        self.api_requests += other.api_requests;
        self.successes += other.successes;
        self.timed += other.timed;
        self.micros = self.micros.saturating_add(other.micros);
        for (category, count) in &other.categories {
            *self.categories.entry(*category).or_default() += count;
        }
        for (severity, count) in &other.severities {
            *self.severities.entry(*severity).or_default() += count;
        }
        self.types.merge(&other.types);
        self.users.merge(&other.users);
    }

    /// As it is kept: what an item has room for, whatever happened.
    #[must_use]
    pub fn kept(self) -> Self {
        Self { users: self.users.kept(), types: self.types.kept(), ..self }
    }

    /// How many of a hundred worked; all of them where there are none.
    #[must_use]
    pub fn success_rate(&self) -> f64 {
        if self.total == 0 { 100.0 } else { rounded(100.0 * ratio(self.successes, self.total)) }
    }

    /// How long they took on average, in milliseconds; none where none says so.
    #[must_use]
    pub fn average_millis(&self) -> Option<f64> {
        (self.timed > 0).then(|| rounded(ratio(self.micros, self.timed) / 1000.0))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count is smaller than 2^52")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
