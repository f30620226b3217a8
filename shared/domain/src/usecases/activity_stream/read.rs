use std::fmt;

use crate::{
    model::{
        activity_stream::{Entry, Position, settled},
        ids::EntryId,
        organization::LogKey,
        permission::Right,
        session::Caller,
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::{
        activity::{LogError, LogRefusal, Scope, organizations},
        error::UseCaseError,
        permission::{Forbidden, authorize},
    },
};

/// Whose activity stream somebody looks at, and whether they see what is private in it.
#[derive(Debug, Clone)]
pub struct ActivityStreamScope {
    scope: Scope,
    sees_private: bool,
}

/// A page of an activity stream.
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

impl ActivityStreamScope {
    /// What a caller may look at: the own organization's activity stream, and all that is in it for
    /// readers of activities.
    pub async fn of(
        ports: &Ports<impl Store, impl Crypto>,
        caller: &Caller,
        asked: Option<&str>,
    ) -> Result<Self, LogError> {
        match authorize(ports, caller.clone(), &[Right::ReadActivities]).await {
            Ok(authorization) => Ok(Self {
                scope: Scope::of(ports, &authorization, asked).await?,
                sees_private: true,
            }),
            Err(UseCaseError::Refused(Forbidden)) => {
                let own = caller.log_key();
                if asked.is_some_and(|asked| asked != own.code()) {
                    return Err(LogRefusal::Forbidden.into());
                }
                Ok(Self { scope: Scope::Of(own), sees_private: false })
            }
            Err(error) => Err(error.map(|Forbidden| LogRefusal::Forbidden)),
        }
    }

    fn shows(&self, entry: &Entry) -> bool {
        entry.is_public || self.sees_private
    }
}

/// Names the activity stream, for cursors.
impl fmt::Display for ActivityStreamScope {
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

/// A page of an activity stream. New entries are followed in the activity stream of one
/// organization; each is shown once.
pub async fn page(
    ports: &Ports<impl Store, impl Crypto>,
    stream_scope: &ActivityStreamScope,
    position: Option<Position>,
    limit: usize,
) -> Result<Page, LogError> {
    let organizations = organizations(ports, &stream_scope.scope).await?;
    match position {
        None => with_pinned(ports, stream_scope, &organizations, None, limit).await,
        Some(Position::Pinned(id)) => {
            let page = with_pinned(ports, stream_scope, &organizations, Some(id), limit).await?;
            Ok(Page { follow: None, ..page })
        }
        Some(Position::Older(id)) => {
            older(ports, stream_scope, &organizations, Some(id), limit).await
        }
        Some(Position::Newer(id)) => match organizations.as_slice() {
            [organization] => newer(ports, stream_scope, organization.as_str(), id, limit).await,
            _ => Ok(Page::default()),
        },
    }
}

/// One entry of an activity stream.
pub async fn find(
    ports: &Ports<impl Store, impl Crypto>,
    stream_scope: &ActivityStreamScope,
    id: EntryId,
) -> Result<Option<Entry>, LogError> {
    for organization in organizations(ports, &stream_scope.scope).await? {
        let found = ports.store.entries(organization.as_str(), &[id]).await?.pop();
        if let Some(entry) = found {
            return Ok(Some(entry).filter(|entry| stream_scope.shows(entry)));
        }
    }
    Ok(None)
}

/// The pinned entries, newest first.
async fn pinned(
    ports: &Ports<impl Store, impl Crypto>,
    stream_scope: &ActivityStreamScope,
    organizations: &[LogKey],
) -> Result<Vec<Entry>, StoreError> {
    let of = organizations.iter().map(|organization| async move {
        let organization = organization.as_str();
        let ids = ports.store.activity_stream_head(organization).await?.pinned;
        if ids.is_empty() { Ok(Vec::new()) } else { ports.store.entries(organization, &ids).await }
    });
    let mut pinned: Vec<Entry> =
        futures::future::try_join_all(of).await?.into_iter().flatten().collect();
    pinned.retain(|entry| entry.is_pinned && stream_scope.shows(entry));
    pinned.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    Ok(pinned)
}

/// The pinned entries, behind one of them, and then the newest of the others.
async fn with_pinned(
    ports: &Ports<impl Store, impl Crypto>,
    stream_scope: &ActivityStreamScope,
    organizations: &[LogKey],
    behind: Option<EntryId>,
    limit: usize,
) -> Result<Page, LogError> {
    let (pinned, others) = futures::join!(
        pinned(ports, stream_scope, organizations),
        older(ports, stream_scope, organizations, None, limit)
    );
    let (mut pinned, mut page) = (pinned?, others?);
    pinned.retain(|entry| behind.is_none_or(|behind| entry.id < behind));
    if pinned.len() >= limit {
        pinned.truncate(limit);
        page.next = pinned.last().map(|last| Position::Pinned(last.id));
        return Ok(Page { entries: pinned, ..page });
    }
    let room = limit - pinned.len();
    if page.entries.len() > room {
        page.entries.truncate(room);
        page.next = page.entries.last().map(|last| Position::Older(last.id));
    }
    page.entries.splice(0..0, pinned);
    Ok(page)
}

/// Entries that are not pinned, newest first; and of the newest of one organization from where on
/// to follow its activity stream: only there is an order that tells what is new.
async fn older(
    ports: &Ports<impl Store, impl Crypto>,
    stream_scope: &ActivityStreamScope,
    organizations: &[LogKey],
    mut before: Option<EntryId>,
    limit: usize,
) -> Result<Page, LogError> {
    let (mut page, mut examined) = (Page::default(), 0);
    loop {
        let want = limit + 1 - page.entries.len();
        let of = organizations
            .iter()
            .map(|organization| ports.store.newest_entries(organization.as_str(), before, want));
        let mut found: Vec<Entry> =
            futures::future::try_join_all(of).await?.into_iter().flatten().collect();
        found.sort_by_key(|entry| std::cmp::Reverse(entry.id));
        found.truncate(want);
        let is_all = found.len() < want;
        if before.is_none() && organizations.len() == 1 {
            let settled = settled(found.iter().rev(), None, ports.clock.now());
            page.follow = Some(Position::Newer(settled));
            // Followers get the others.
            found.retain(|entry| settled.is_some_and(|settled| entry.id <= settled));
        }
        examined += want;
        before = found.last().map(|last| last.id).or(before);
        for entry in found.into_iter().filter(|entry| !entry.is_pinned && stream_scope.shows(entry))
        {
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
async fn newer(
    ports: &Ports<impl Store, impl Crypto>,
    stream_scope: &ActivityStreamScope,
    organization: &str,
    base: Option<EntryId>,
    limit: usize,
) -> Result<Page, LogError> {
    let mut found = ports.store.oldest_entries(organization, base, limit + 1).await?;
    let last = settled(found.iter(), Some(base), ports.clock.now()).or(base);
    found.retain(|entry| last.is_some_and(|last| entry.id <= last));
    let is_more = found.len() > limit;
    found.truncate(limit);
    let follow = Some(Position::Newer(found.last().map(|last| last.id).or(base)));
    found.retain(|entry| stream_scope.shows(entry));
    Ok(Page { entries: found, next: follow.filter(|_| is_more), follow })
}
