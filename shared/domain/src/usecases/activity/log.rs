use std::collections::BTreeSet;

use crate::{
    model::{
        activity::{Activity, Filter, LogIndex, LogPage, LogRole, Range},
        authorization::Authorization,
        event::Category,
        ids::{ActivityId, UserId},
        organization::{LogKey, Membership, Organization},
        permission::Right,
        session::Caller,
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::{
        error::{Refusal, UseCaseError, refusals},
        permission::{Forbidden, authorize},
    },
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    Of(LogKey),
    Everything,
}

/// Why a log is not read.
pub type LogError = UseCaseError<LogRefusal>;

/// The reasons of [`LogError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogRefusal {
    /// It is another organization's.
    #[error("another organization's log")]
    Forbidden,
    /// It is not one's own.
    #[error("the right is missing")]
    NeedsRight,
    /// There are too many organizations to merge their logs.
    #[error("too many organizations")]
    TooManyOrganizations,
}

impl Refusal for LogRefusal {}
refusals!(LogRefusal);

impl Scope {
    /// The log that is asked for: the caller's own unless a super admin asks for another, or for
    /// all by `*`.
    pub async fn of(
        ports: &Ports<impl Store, impl Crypto>,
        authorization: &Authorization,
        asked: Option<&str>,
    ) -> Result<Self, LogError> {
        let own = authorization.log();
        match asked {
            None => Ok(Self::Of(own)),
            Some(asked) if asked == own.code() => Ok(Self::Of(own)),
            Some(_) if !authorization.is_super_admin() => Err(LogRefusal::Forbidden.into()),
            Some("*") => Ok(Self::Everything),
            Some(asked) => Ok(Self::Of(ports.store.log_key(asked).await?)),
        }
    }
}

/// The log that a caller may read, and of it what.
#[derive(Debug, Clone)]
pub struct Readable {
    pub scope: Scope,
    /// Whether the caller may read all of it, and not only what they have to do with themselves.
    pub is_whole: bool,
}

impl Readable {
    /// What a caller may read of the log that is asked for. `of_user` is whose activities they are
    /// to be, if anybody's: with it super admins read the logs of all organizations.
    pub async fn of(
        ports: &Ports<impl Store, impl Crypto>,
        caller: &Caller,
        asked: Option<&str>,
        of_user: bool,
    ) -> Result<Self, LogError> {
        match authorize(ports, caller.clone(), &[Right::ReadActivities]).await {
            Ok(authorization) => {
                let is_everywhere = asked.is_none() && of_user && authorization.is_super_admin();
                let scope = if is_everywhere {
                    Scope::Everything
                } else {
                    Scope::of(ports, &authorization, asked).await?
                };
                Ok(Self { scope, is_whole: true })
            }
            Err(UseCaseError::Refused(Forbidden)) => {
                let own = caller.log_key();
                if asked.is_some_and(|asked| asked != own.code()) {
                    return Err(LogRefusal::Forbidden.into());
                }
                Ok(Self { scope: Scope::Of(own), is_whole: false })
            }
            Err(error) => Err(error.map(|Forbidden| LogRefusal::Forbidden)),
        }
    }

    /// Refuses a filter under which there may be what the caller may not read: one's own, done by
    /// oneself or to oneself, needs no right.
    pub fn allows(&self, caller: &Caller, filter: &Filter) -> Result<(), LogError> {
        let own = Some(caller.user().id);
        if self.is_whole || filter.user_id == own || filter.subject_id == own {
            return Ok(());
        }
        Err(LogRefusal::NeedsRight.into())
    }

    /// What was found, if the caller may read it. Whoever may not is not told whether it is there.
    pub fn shown(
        &self,
        caller: &Caller,
        found: Option<Activity>,
    ) -> Result<Option<Activity>, LogError> {
        let is_own =
            |found: &Activity| found.roles().iter().any(|(user, _)| *user == caller.user().id);
        if self.is_whole || found.as_ref().is_some_and(is_own) {
            return Ok(found);
        }
        Err(LogRefusal::NeedsRight.into())
    }
}

/// A page of the log, newest first.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub activities: Vec<Activity>,
    /// The next page is older than this one.
    pub next: Option<ActivityId>,
}

/// A request that looks for something among other things looks at so many activities at most
/// (`docs/budgets.md`: 16 RRU): a page may be short, or empty, with a cursor.
const MOST_EXAMINED: usize = 72;

/// Where a few activities are in no index yet, so many of a page may be others than those that are
/// asked for.
const OF_OTHERS: usize = 8;

/// Of the activities from before that one user has to do with, wherever they were: a cursor of a
/// page with few of them would tell an organization what somebody did elsewhere.
const MOST_OF_BEFORE: usize = 5_000;

/// Whether there may be other activities than those that the index is for.
fn is_mixed(index: &LogIndex) -> bool {
    matches!(index, LogIndex::Pending(_) | LogIndex::Former(_))
}

/// Categories whose types lie in more places than this are looked for among everything.
const MOST_TYPES: usize = 32;

/// The logs of so many organizations are merged at most.
const MOST_ORGANIZATIONS: usize = 200;

/// A page of a log, newest first. What came before it was asked for is in it or in one of the pages
/// behind it, once.
pub async fn list(
    ports: &Ports<impl Store, impl Crypto>,
    scope: &Scope,
    filter: &Filter,
    mut range: Range,
    limit: usize,
) -> Result<Page, LogError> {
    let Indexes { indexes, serves } = indexes(ports, scope, filter).await?;
    let is_exact = serves == *filter;
    if indexes.is_empty() {
        return Ok(Page::default());
    }
    let platform = LogKey::platform();
    let is_here = |activity: &Activity| match scope {
        Scope::Of(organization) => {
            activity.organization.as_ref().unwrap_or(&platform) == organization
        }
        Scope::Everything => true,
    };
    let more = if indexes.iter().any(is_mixed) { OF_OTHERS + 1 } else { 1 };
    let is_former = |index: &LogIndex| matches!(index, LogIndex::Former(_));
    let has_foreign = *scope != Scope::Everything && indexes.iter().any(is_former);
    let usual = MOST_EXAMINED.max(limit + more);
    let most = if has_foreign { MOST_OF_BEFORE } else { usual };
    let (mut page, mut examined) = (Page::default(), 0);
    loop {
        let want = if has_foreign && examined > 0 {
            MOST_OF_BEFORE / 10
        } else if is_exact {
            limit + more - page.activities.len()
        } else {
            usual - examined
        };
        let LogPage { activities, reached } = ports.store.read_log(&indexes, &range, want).await?;
        examined += activities.len().max(1);
        for activity in activities {
            if !is_here(&activity) || !filter.matches(&activity) {
                continue;
            }
            if page.activities.len() == limit {
                page.next = page.activities.last().map(|last| last.id);
                return Ok(page);
            }
            page.activities.push(activity);
        }
        if reached.is_none() || examined >= most {
            page.next = reached;
            return Ok(page);
        }
        range.before = reached;
    }
}

/// One activity of a log.
pub async fn find(
    ports: &Ports<impl Store, impl Crypto>,
    scope: &Scope,
    id: ActivityId,
) -> Result<Option<Activity>, LogError> {
    for organization in organizations(ports, scope).await? {
        let found = ports.store.activity(organization.as_str(), id).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Where to look.
struct Indexes {
    indexes: Vec<LogIndex>,
    /// The part of the filter that all but a few activities there meet.
    serves: Filter,
}

async fn indexes(
    ports: &Ports<impl Store, impl Crypto>,
    scope: &Scope,
    filter: &Filter,
) -> Result<Indexes, LogError> {
    if let Some(user) = filter.user_id.or(filter.subject_id) {
        return of_user(ports, scope, filter, user).await;
    }
    let organizations: Vec<String> =
        organizations(ports, scope).await?.into_iter().map(|one| one.to_string()).collect();
    if let Some(tag) = &filter.tag {
        let of = |one: String| [LogIndex::Tag(one.clone(), tag.clone()), LogIndex::Pending(one)];
        let indexes = organizations.into_iter().flat_map(of).collect();
        return Ok(Indexes {
            indexes,
            serves: Filter { tag: filter.tag.clone(), ..Filter::default() },
        });
    }
    if let Some(wanted) = &filter.activity_type {
        let of = |one| LogIndex::Type(one, wanted.clone());
        let serves = Filter { activity_type: Some(wanted.clone()), ..Filter::default() };
        return Ok(Indexes { indexes: organizations.into_iter().map(of).collect(), serves });
    }
    if filter.is_flagged() {
        let indexes = organizations.into_iter().map(LogIndex::Flagged).collect();
        return Ok(Indexes { indexes, serves: Filter::default() });
    }
    if let ([organization], false) = (organizations.as_slice(), filter.categories.is_empty())
        && let Some(indexes) = of_categories(ports, organization, &filter.categories).await?
    {
        let serves = Filter { categories: filter.categories.clone(), ..Filter::default() };
        return Ok(Indexes { indexes, serves });
    }
    let indexes = organizations.into_iter().map(LogIndex::All).collect();
    Ok(Indexes { indexes, serves: Filter::default() })
}

/// What a user did, or what was done to them.
async fn of_user(
    ports: &Ports<impl Store, impl Crypto>,
    scope: &Scope,
    filter: &Filter,
    user: UserId,
) -> Result<Indexes, LogError> {
    let logs = match scope {
        Scope::Of(organization) => vec![organization.clone()],
        Scope::Everything => logs_of(ports, user).await?,
    };
    let roles: &[LogRole] = match (filter.user_id, filter.subject_id) {
        (Some(actor), Some(subject)) if actor == subject => &[LogRole::Both],
        (Some(_), Some(_)) => &[LogRole::Actor],
        (Some(_), None) => &[LogRole::Actor, LogRole::Both],
        (None, _) => &[LogRole::Subject, LogRole::Both],
    };
    let of = |log: &LogKey| {
        let log = log.to_string();
        let of_roles = roles.iter().map(|role| LogIndex::User(log.clone(), user, *role));
        of_roles.chain([LogIndex::Pending(log.clone())]).collect::<Vec<_>>()
    };
    // Those from before lie together, wherever they were: of somebody who is no member here not
    // even the end of a page is to tell.
    let former = is_of_here(ports, scope, user).await?.then_some(LogIndex::Former(user));
    let indexes = logs.iter().flat_map(of).chain(former).collect();
    let (user_id, subject_id) = (filter.user_id, filter.subject_id);
    let is_one = user_id.is_none() || subject_id.is_none() || user_id == subject_id;
    let serves = if is_one {
        Filter { user_id, subject_id, ..Filter::default() }
    } else {
        Filter { user_id, ..Filter::default() }
    };
    Ok(Indexes { indexes, serves })
}

/// Whether a scope is everything, `PLATFORM`, or an organization that a user is a member of.
async fn is_of_here(
    ports: &Ports<impl Store, impl Crypto>,
    scope: &Scope,
    user: UserId,
) -> Result<bool, LogError> {
    let log = match scope {
        Scope::Of(log) if *log != LogKey::platform() => log,
        _ => return Ok(true),
    };
    let person = ports.store.user_with_memberships(user).await?;
    let membership = person.as_ref().and_then(|person| person.memberships.of(log.code()));
    Ok(membership.is_some_and(|one| one.log_key() == *log))
}

/// The logs that may have activities which a user has to do with: those with entries, and those
/// where the first ones may be pending.
async fn logs_of(
    ports: &Ports<impl Store, impl Crypto>,
    user: UserId,
) -> Result<Vec<LogKey>, LogError> {
    let (logs, person) = futures::join!(
        ports.store.logs_of(user, MOST_ORGANIZATIONS + 1),
        ports.store.user_with_memberships(user)
    );
    let (mut logs, person) = (logs?, person?);
    if logs.len() > MOST_ORGANIZATIONS {
        return Err(LogRefusal::TooManyOrganizations.into());
    }
    let memberships = person.iter().flat_map(|person| person.memberships.iter());
    let likely = memberships.map(Membership::log_key).chain([LogKey::platform()]);
    for one in likely {
        if !logs.contains(&one) {
            logs.push(one);
        }
    }
    Ok(logs)
}

/// The types of some categories: those that are listed, and those that are not listed yet; `None`
/// where that is too many places.
async fn of_categories(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    categories: &[Category],
) -> Result<Option<Vec<LogIndex>>, StoreError> {
    let listed =
        categories.iter().map(|category| ports.store.activity_types(organization, *category));
    let (pending, always) = ([LogIndex::Pending(organization.to_owned())], Range::default());
    let (listed, pending_ones) = futures::join!(
        futures::future::try_join_all(listed),
        ports.store.read_log(&pending, &always, MOST_EXAMINED)
    );
    let (listed, pending_ones) = (listed?, pending_ones?);
    let Some(listed) = listed.into_iter().collect::<Option<Vec<_>>>() else {
        return Ok(None);
    };
    let new = pending_ones.activities.into_iter().map(|activity| activity.what);
    let new = new.filter(|what| categories.contains(&what.category));
    let new = new.map(|what| what.activity_type.into_owned());
    let types: BTreeSet<String> = listed.into_iter().flatten().chain(new).collect();
    // Of more pending ones than were read there may be other types.
    if types.len() > MOST_TYPES || pending_ones.reached.is_some() {
        return Ok(None);
    }
    let of = |one| LogIndex::Type(organization.to_owned(), one);
    let unlisted = categories.iter().map(|one| LogIndex::Unlisted(organization.to_owned(), *one));
    Ok(Some(types.into_iter().map(of).chain(unlisted).chain(pending).collect()))
}

/// The organizations whose logs these are.
pub(crate) async fn organizations(
    ports: &Ports<impl Store, impl Crypto>,
    scope: &Scope,
) -> Result<Vec<LogKey>, LogError> {
    match scope {
        Scope::Of(organization) => Ok(vec![organization.clone()]),
        Scope::Everything => {
            let all = ports.store.organizations(None, MOST_ORGANIZATIONS + 1).await?;
            if all.len() > MOST_ORGANIZATIONS {
                return Err(LogRefusal::TooManyOrganizations.into());
            }
            Ok(all.iter().map(Organization::log_key).collect())
        }
    }
}
