use crate::model::{
    activity::Activity,
    clock::{SignedDuration, Timestamp, after},
    event::{API_REQUEST, Category, Event, Severity, What},
    ids::{ActivityId, EntryId, UserId},
};

/// What happens within this time of a group's first activity is one entry.
const FOLDED: SignedDuration = SignedDuration::from_hours(1);

/// So many of the latest activities of an entry are known by name, so that one that the stream
/// tells of twice counts once: four times what one delivery holds.
const REMEMBERED: usize = 100;

/// The longest text of an entry, in characters.
const LONGEST: usize = 200;

/// One entry of an organization's activity stream: what a group did within an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id: within an organization the later one is the greater one.
    pub id: EntryId,
    pub organization: String,
    /// What its activities have in common.
    pub group: String,
    /// The activity that came first.
    pub first: ActivityId,
    pub latest: ActivityId,
    pub activity_type: String,
    /// What the first was about.
    pub category: Category,
    /// The most severe of them.
    pub severity: Severity,
    /// Whether what was tried worked.
    pub success: bool,
    pub user_id: Option<UserId>,
    /// How it looks, after the latest activity.
    pub shown: Shown,
    pub count: u32,
    /// Whether everybody in the organization sees it.
    pub is_public: bool,
    /// Whether it stands before all others, and stays.
    pub is_pinned: bool,
    /// The entry before it in the activity stream.
    pub follows: Option<EntryId>,
    /// The entry of its group before it.
    pub earlier: Option<EntryId>,
    /// The ends of the latest activities' ids.
    pub seen: Vec<String>,
    /// Counts the changes; the `ETag`.
    pub version: u64,
}

/// How an entry looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub title: String,
    /// The second line.
    pub subtitle: Option<String>,
    /// The name of an icon.
    pub icon: String,
    /// A colour of CSS.
    pub color: String,
}

/// An activity with what it takes to show it.
pub(crate) struct RenderedEntry<'a> {
    pub(crate) activity: &'a Activity,
    pub(crate) group: String,
    pub(crate) shown: Shown,
    pub(crate) is_public: bool,
}

/// Whether activities like this one have a place in the activity stream: calls of the API and
/// renewed sessions have none.
#[must_use]
pub fn belongs(what: &What) -> bool {
    // Not by the templates: every function asks, and few link them.
    let is_noise = |event| {
        use Event::{ActivityStreamChanged, OrganizationSwitched, SessionRenewed};
        matches!(event, SessionRenewed | OrganizationSwitched | ActivityStreamChanged)
    };
    what.activity_type != API_REQUEST
        && !Event::from_type(&what.activity_type).is_some_and(is_noise)
}

/// What the activities of an entry have in common: type and user, whether it worked, and who may
/// see it.
pub(crate) fn group_of(activity: &Activity, is_public: bool) -> String {
    let who = activity.concerned().map_or_else(|| "system".to_owned(), |user| user.id.to_string());
    let failed = if activity.what.success { "" } else { ":failed" };
    let private = if is_public { "" } else { ":private" };
    format!("{}:{who}{failed}{private}", activity.what.activity_type)
}

impl Entry {
    /// The entry of an activity that opens one.
    pub(super) fn new(id: EntryId, organization: &str, opener: &RenderedEntry<'_>) -> Self {
        let RenderedEntry { activity, group, shown, is_public } = opener;
        Self {
            id,
            organization: organization.to_owned(),
            group: group.clone(),
            first: activity.id,
            latest: activity.id,
            activity_type: activity.what.activity_type.to_string(),
            category: activity.what.category,
            severity: activity.what.severity,
            success: activity.what.success,
            user_id: activity.concerned().map(|user| user.id),
            shown: shown.clone(),
            count: 1,
            is_public: *is_public,
            is_pinned: false,
            follows: None,
            earlier: None,
            seen: vec![tail(activity.id)],
            version: 1,
        }
    }

    /// When the activity that opened it happened.
    pub(super) fn opened_at(&self) -> Timestamp {
        self.first.made_at()
    }

    /// Whether it is over when something happens.
    pub(super) fn is_over(&self, at: Timestamp) -> bool {
        after(self.opened_at(), FOLDED) <= at
    }

    /// With an activity more; unchanged where it has it.
    pub(super) fn fold(&mut self, activity: &Activity, shown: &Shown) {
        let tail = tail(activity.id);
        if self.seen.contains(&tail) {
            return;
        }
        self.seen.push(tail);
        let surplus = self.seen.len().saturating_sub(REMEMBERED);
        self.seen.drain(..surplus);
        self.count = self.count.saturating_add(1);
        self.severity = self.severity.max(activity.what.severity);
        if activity.id > self.latest {
            self.latest = activity.id;
            self.shown = shown.clone();
        }
    }
}

/// The end of an id: 48 random bits tell a hundred activities apart.
fn tail(id: ActivityId) -> String {
    id.to_string().rsplit('-').next().unwrap_or_default().to_owned()
}

/// A text in one line, no longer than an entry's may be.
pub(super) fn shortened(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.trim();
    match line.char_indices().nth(LONGEST) {
        None => line.to_owned(),
        Some(_) => line.chars().take(LONGEST - 1).chain(['…']).collect(),
    }
}
