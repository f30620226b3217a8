use std::fmt;

use super::entry::Entry;
use crate::{
    Ports,
    activity::{LogError, PLATFORM, Scope, organizations},
    clock::{SignedDuration, Timestamp, after},
    ids::EntryId,
    permission::{PermitError, Right, permit},
    ports::StoreError,
    session::Caller,
};

/// Whose feed somebody looks at, and whether they see what is private in it.
#[derive(Debug, Clone)]
pub struct Lens {
    scope: Scope,
    sees_private: bool,
}

/// Where in a feed a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Behind this pinned entry.
    Pinned(EntryId),
    /// With what is older than this entry.
    Older(EntryId),
    /// With what is newer than this entry, or with the first of all.
    Newer(Option<EntryId>),
}

/// A page of a feed.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Pinned ones first, then newest first; oldest first where new ones were asked for.
    pub entries: Vec<Entry>,
    /// Where the next page begins.
    pub next: Option<Position>,
    /// Where what is new from now on begins.
    pub follow: Option<Position>,
}

/// A request looks at so many entries at most.
const MOST_EXAMINED: usize = 200;

/// So many of the latest entries are held against each other before somebody follows them.
const LATEST: usize = 8;

/// An entry whose forerunner is not seen is waited for this long: after that it left the table.
const SETTLED: SignedDuration = SignedDuration::from_secs(60);

impl Lens {
    /// What a caller may look at: the own organization's feed, and all that is in it for whoever may read activities.
    pub async fn of(ports: &Ports, caller: &Caller, asked: Option<&str>) -> Result<Self, LogError> {
        match permit(ports, caller.clone(), &[Right::ReadActivities]).await {
            Ok(permit) => Ok(Self { scope: Scope::of(&permit, asked)?, sees_private: true }),
            Err(PermitError::Store(error)) => Err(error.into()),
            Err(PermitError::Forbidden) => {
                let own = caller.organization().unwrap_or(PLATFORM);
                if asked.is_some_and(|asked| asked != own) {
                    return Err(LogError::Forbidden);
                }
                Ok(Self { scope: Scope::Of(own.to_owned()), sees_private: false })
            }
        }
    }

    fn shows(&self, entry: &Entry) -> bool {
        entry.is_public || self.sees_private
    }
}

/// Names the feed, for cursors.
impl fmt::Display for Lens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "feed {:?} {}", self.scope, self.sees_private)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pinned(id) => write!(f, "pinned {id}"),
            Self::Older(id) => write!(f, "older {id}"),
            Self::Newer(Some(id)) => write!(f, "newer {id}"),
            Self::Newer(None) => f.write_str("newer"),
        }
    }
}

impl Position {
    /// Reads what [`Display`](fmt::Display) writes.
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

/// A page of a feed. New entries are followed in the feed of one organization; each is shown once.
pub async fn page(ports: &Ports, lens: &Lens, position: Option<Position>, limit: usize) -> Result<Page, LogError> {
    let organizations = organizations(ports, &lens.scope).await?;
    match position {
        None => first(ports, lens, &organizations, limit).await,
        Some(Position::Pinned(id)) => {
            let pinned = pinned(ports, lens, &organizations).await?;
            let behind = pinned.into_iter().filter(|entry| entry.id.as_bytes() < id.as_bytes());
            pins_then_others(ports, lens, &organizations, behind.collect(), None, limit).await
        }
        Some(Position::Older(id)) => older(ports, lens, &organizations, Some(id), limit).await,
        Some(Position::Newer(id)) => match organizations.as_slice() {
            [organization] => newer(ports, lens, organization, id, limit).await,
            _ => Ok(Page::default()),
        },
    }
}

/// One entry of a feed.
pub async fn find(ports: &Ports, lens: &Lens, id: EntryId) -> Result<Option<Entry>, LogError> {
    for organization in organizations(ports, &lens.scope).await? {
        let found = ports.feed.entries(&organization, &[id]).await?.pop();
        if let Some(entry) = found {
            return Ok(Some(entry).filter(|entry| lens.shows(entry)));
        }
    }
    Ok(None)
}

async fn first(ports: &Ports, lens: &Lens, organizations: &[String], limit: usize) -> Result<Page, LogError> {
    let (mut follow, mut unsettled) = (None, None);
    if let [organization] = organizations {
        let mut latest = ports.feed.newest(organization, None, LATEST).await?;
        latest.reverse();
        let ids: Vec<EntryId> = latest.iter().map(|entry| entry.id).collect();
        let settled = settled(latest, None, ports.clock.now());
        follow = Some(Position::Newer(settled.last().map(|entry| entry.id)));
        unsettled = ids.get(settled.len()).copied();
    }
    let pinned = pinned(ports, lens, organizations).await?;
    Ok(Page { follow, ..pins_then_others(ports, lens, organizations, pinned, unsettled, limit).await? })
}

/// The pinned entries, newest first.
async fn pinned(ports: &Ports, lens: &Lens, organizations: &[String]) -> Result<Vec<Entry>, StoreError> {
    let of = organizations.iter().map(|organization| async move {
        let ids = ports.feed.head(organization).await?.pinned;
        if ids.is_empty() { Ok(Vec::new()) } else { ports.feed.entries(organization, &ids).await }
    });
    let mut pinned: Vec<Entry> = futures::future::try_join_all(of).await?.into_iter().flatten().collect();
    pinned.retain(|entry| entry.is_pinned && lens.shows(entry));
    pinned.sort_by_key(|entry| std::cmp::Reverse(*entry.id.as_bytes()));
    Ok(pinned)
}

async fn pins_then_others(
    ports: &Ports,
    lens: &Lens,
    organizations: &[String],
    mut pinned: Vec<Entry>,
    before: Option<EntryId>,
    limit: usize,
) -> Result<Page, LogError> {
    if pinned.len() >= limit {
        pinned.truncate(limit);
        let next = pinned.last().map(|last| Position::Pinned(last.id));
        return Ok(Page { entries: pinned, next, follow: None });
    }
    let rest = older(ports, lens, organizations, before, limit - pinned.len()).await?;
    pinned.extend(rest.entries);
    Ok(Page { entries: pinned, ..rest })
}

/// Entries that are not pinned, newest first.
async fn older(
    ports: &Ports,
    lens: &Lens,
    organizations: &[String],
    mut before: Option<EntryId>,
    limit: usize,
) -> Result<Page, LogError> {
    let (mut page, mut examined) = (Page::default(), 0);
    loop {
        let want = limit + 1 - page.entries.len();
        let of = organizations.iter().map(|organization| ports.feed.newest(organization, before, want));
        let mut found: Vec<Entry> = futures::future::try_join_all(of).await?.into_iter().flatten().collect();
        found.sort_by_key(|entry| std::cmp::Reverse(*entry.id.as_bytes()));
        found.truncate(want);
        let is_all = found.len() < want;
        examined += found.len();
        before = found.last().map(|last| last.id).or(before);
        for entry in found.into_iter().filter(|entry| !entry.is_pinned && lens.shows(entry)) {
            if page.entries.len() == limit {
                page.next = page.entries.last().map(|last| Position::Older(last.id));
                return Ok(page);
            }
            page.entries.push(entry);
        }
        if is_all || examined >= MOST_EXAMINED {
            page.next = before.filter(|_| !is_all).map(Position::Older);
            return Ok(page);
        }
    }
}

/// What was opened after an entry, oldest first.
async fn newer(ports: &Ports, lens: &Lens, organization: &str, base: Option<EntryId>, limit: usize) -> Result<Page, LogError> {
    let found = ports.feed.oldest(organization, base, limit + 1).await?;
    let mut found = settled(found, Some(base), ports.clock.now());
    let is_more = found.len() > limit;
    found.truncate(limit);
    let follow = Some(Position::Newer(found.last().map(|last| last.id).or(base)));
    found.retain(|entry| lens.shows(entry));
    Ok(Page { entries: found, next: follow.filter(|_| is_more), follow })
}

/// The entries, oldest first, up to one whose forerunner is not there yet: a read may see the parts of a transaction one after
/// the other. `base` is what the first one is to follow, where that is known.
fn settled(entries: Vec<Entry>, base: Option<Option<EntryId>>, now: Timestamp) -> Vec<Entry> {
    let mut last = base;
    let mut is_next = |entry: &Entry| {
        let follows = last.is_none_or(|last| entry.follows == last);
        last = Some(Some(entry.id));
        follows || after(entry.id.made_at(), SETTLED) <= now
    };
    entries.into_iter().take_while(|entry| is_next(entry)).collect()
}
