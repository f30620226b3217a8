use super::entry::Entry;
use crate::model::{
    clock::{SignedDuration, Timestamp, after},
    ids::EntryId,
};

/// Where in an activity stream a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Behind this pinned entry.
    Pinned(EntryId),
    /// With what is older than this entry.
    Older(EntryId),
    /// With what is newer than this entry, or with the first of all.
    Newer(Option<EntryId>),
}

/// An entry whose forerunner is not seen is waited for this long: after that it left the table.
const SETTLED: SignedDuration = SignedDuration::from_secs(60);

impl Position {
    /// Reads what [`Display`](std::fmt::Display) writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            None => (text == "newer").then_some(Self::Newer(None)),
            Some(("pinned", id)) => id.parse().ok().map(Self::Pinned),
            Some(("older", id)) => id.parse().ok().map(Self::Older),
            Some(("newer", id)) => id.parse().ok().map(|id| Self::Newer(Some(id))),
            Some(_) => None,
        }
    }
}

/// The last of some entries, oldest first, before one whose forerunner is not there yet: a read may
/// see the parts of what was written one after the other. `base` is what the first one is to
/// follow, where that is known.
pub(crate) fn settled<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    base: Option<Option<EntryId>>,
    now: Timestamp,
) -> Option<EntryId> {
    let (mut last, mut settled) = (base, None);
    for entry in entries {
        let follows = last.is_none_or(|last| entry.follows == last);
        if !follows && now < after(entry.id.made_at(), SETTLED) {
            break;
        }
        last = Some(Some(entry.id));
        settled = Some(entry.id);
    }
    settled
}
