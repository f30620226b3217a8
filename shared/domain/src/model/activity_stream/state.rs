use std::collections::BTreeMap;

use super::entry::{Entry, RenderedEntry};
use crate::model::{clock::Timestamp, ids::EntryId};

/// An activity stream as far as some groups are concerned.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// What was opened last.
    pub head: ActivityStreamHead,
    /// The entries of the groups, latest first.
    pub entries: BTreeMap<String, Vec<Entry>>,
}

impl State {
    /// The activity stream after some more activities, oldest first.
    pub(crate) fn filed(
        &self,
        organization: &str,
        activities: &[RenderedEntry<'_>],
        mut id: impl FnMut() -> EntryId,
    ) -> Filing {
        let mut filing = Filing {
            organization: organization.to_owned(),
            was: self.head.last,
            ..Filing::default()
        };
        let (mut groups, mut last) = (self.entries.clone(), self.head.last);
        for one in activities {
            let entries = groups.entry(one.group.clone()).or_default();
            if let Some(entry) = entry_of(entries, one.activity.at()) {
                entry.fold(one.activity, &one.shown);
                continue;
            }
            let earlier = entries.first().map(|entry| entry.id);
            let opened = Entry {
                follows: last,
                earlier,
                ..Entry::new(later(id(), last), organization, one)
            };
            last = Some(opened.id);
            entries.insert(0, opened);
        }
        filing.last = last;
        for (group, entries) in groups {
            let known = self.entries.get(&group).map(Vec::as_slice).unwrap_or_default();
            if let Some(latest) = entries.first().filter(|_| entries.len() > known.len()) {
                let was = known.first().map(|entry| entry.id);
                filing.groups.push(ActivityStreamGroup {
                    group,
                    was,
                    now: latest.id,
                    opened_at: latest.opened_at(),
                });
            }
            for entry in entries {
                match known.iter().find(|known| known.id == entry.id) {
                    None => filing.new.push(entry),
                    Some(known) if *known == entry => {}
                    Some(known) => {
                        filing.changed.push(Entry { version: known.version + 1, ..entry });
                    }
                }
            }
        }
        filing
    }
}

/// The entry of a group, latest first, that takes what happens at an instant: the one that was open
/// then. What comes too late for any goes into the next one.
fn entry_of(entries: &mut [Entry], at: Timestamp) -> Option<&mut Entry> {
    let is_late = |entry: &Entry| at < entry.opened_at();
    let later = entries.iter().take_while(|entry| is_late(entry)).count();
    let place = match entries.get(later) {
        Some(entry) if !entry.is_over(at) => Some(later),
        _ => later.checked_sub(1),
    };
    place.and_then(|place| entries.get_mut(place))
}

/// The id itself where it is greater than the last one, or the next one after that: entries of a
/// activity stream are in order.
fn later(id: EntryId, last: Option<EntryId>) -> EntryId {
    last.filter(|last| *last >= id).map_or(id, |last| last.next())
}

/// The head of an organization's activity stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityStreamHead {
    /// The entry that was opened last.
    pub last: Option<EntryId>,
    pub pinned: Vec<EntryId>,
}

/// The latest entry of a group, which leads to the ones before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityStreamGroup {
    pub group: String,
    /// The latest entry that was read.
    pub was: Option<EntryId>,
    pub now: EntryId,
    /// When the first activity of the latest one happened.
    pub opened_at: Timestamp,
}

/// An activity stream after some more activities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filing {
    pub organization: String,
    /// The entry that was opened last, as it was read.
    pub was: Option<EntryId>,
    /// The entry that was opened last.
    pub last: Option<EntryId>,
    /// Entries that are opened.
    pub new: Vec<Entry>,
    /// Entries that change, with the version after that.
    pub changed: Vec<Entry>,
    /// Groups whose latest entry is a new one.
    pub groups: Vec<ActivityStreamGroup>,
}

impl Filing {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty()
    }
}
