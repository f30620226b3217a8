use super::types::Activity;
use crate::model::{
    clock::Timestamp,
    event::{Category, Severity},
    ids::{ActivityId, UserId},
};

/// So many types of each category are listed for an organization, and read: whoever may track
/// activities names them. Of more, none is looked for by itself.
pub const MOST_LISTED_TYPES: usize = 9;

/// Which activities are asked for; all that are given have to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub activity_type: Option<String>,
    /// About one of these.
    pub categories: Vec<Category>,
    /// Of one of these severities.
    pub severities: Vec<Severity>,
    /// Whether what was tried worked.
    pub success: Option<bool>,
    pub user_id: Option<UserId>,
    pub tag: Option<String>,
}

impl Filter {
    /// Whether an activity is asked for.
    #[must_use]
    pub fn matches(&self, activity: &Activity) -> bool {
        let what = &activity.what;
        self.activity_type.as_ref().is_none_or(|wanted| *wanted == what.activity_type)
            && (self.categories.is_empty() || self.categories.contains(&what.category))
            && (self.severities.is_empty() || self.severities.contains(&what.severity))
            && self.success.is_none_or(|wanted| wanted == what.success)
            && self.user_id.is_none_or(|wanted| activity.user_id == Some(wanted))
            && self.tag.as_ref().is_none_or(|wanted| activity.extra.tags.contains(wanted))
    }

    /// Whether everything that is asked for is among the failures and what is of high or critical
    /// severity.
    pub(crate) fn is_flagged(&self) -> bool {
        self.success == Some(false)
            || (!self.severities.is_empty() && self.severities.iter().all(|one| one.is_high()))
    }
}

/// The time that is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Range {
    /// Older than this activity: where a page begins.
    pub before: Option<ActivityId>,
    /// From this instant on.
    pub since: Option<Timestamp>,
    /// Up to this instant, which is left out.
    pub until: Option<Timestamp>,
}

/// A part of the log that lies together in the table, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogIndex {
    /// All of an organization.
    All(String),
    /// Its failures, and what is of high or critical severity.
    Flagged(String),
    /// Its activities of one type.
    Type(String, String),
    /// What a user did, wherever.
    User(UserId),
}

/// What was read of some sources, newest first.
#[derive(Debug, Clone, Default)]
pub struct LogPage {
    pub activities: Vec<Activity>,
    /// Everything down to this one was read; `None` when there is nothing behind it.
    pub reached: Option<ActivityId>,
}
