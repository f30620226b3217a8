use super::{
    types::Activity,
    users::{LogRole, LoggedUser},
};
use crate::model::{
    clock::Timestamp,
    event::{Category, Severity},
    ids::{ActivityId, UserId},
};

/// So many types of each category are listed for an organization, and read side by side: whoever
/// may track activities names them. Activities of the others have entries under their category.
pub const MOST_LISTED_TYPES: usize = 12;

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
    /// Done by this user.
    pub user_id: Option<UserId>,
    /// Done to this user.
    pub subject_id: Option<UserId>,
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
            && is_of(self.user_id, activity.actor.as_ref())
            && is_of(self.subject_id, activity.subject.as_ref())
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

/// Whether somebody is who is wanted, if anybody is.
fn is_of(wanted: Option<UserId>, user: Option<&LoggedUser>) -> bool {
    wanted.is_none_or(|wanted| user.is_some_and(|user| user.id == wanted))
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
    /// Its activities of a category, of types that are not listed.
    Unlisted(String, Category),
    /// Its activities with a tag.
    Tag(String, String),
    /// Its activities that a user has to do with.
    User(String, UserId, LogRole),
    /// Its activities that are in the other indexes soon.
    Pending(String),
    /// Activities from before there were entries, wherever, by whom they concern.
    Former(UserId),
}

/// What was read of some sources, newest first.
#[derive(Debug, Clone, Default)]
pub struct LogPage {
    pub activities: Vec<Activity>,
    /// Everything down to this one was read; `None` when there is nothing behind it.
    pub reached: Option<ActivityId>,
}
