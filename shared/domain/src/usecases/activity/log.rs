use crate::{
    model::{
        activity::{Activity, Filter, LogIndex, LogPage, MOST_LISTED_TYPES, Range},
        authorization::Authorization,
        clock::SignedDuration,
        ids::ActivityId,
        organization::{LogKey, Organization},
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::error::{Refusal, UseCaseError, refusals},
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

/// A page of the log, newest first.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub activities: Vec<Activity>,
    /// The next page is older than this one.
    pub next: Option<ActivityId>,
}

/// A request that looks for something among everything looks at so many activities of each
/// partition at most (`docs/budgets.md`: 8 RRU): a page may be short, or empty, with a cursor.
const MOST_EXAMINED: usize = 72;

/// A category whose types lie in more places than this is looked for among everything.
const MOST_TYPES: usize = MOST_LISTED_TYPES - 1;

/// A new type is listed this long after its first activity at the latest, as long as the stream is
/// read.
const NOT_LISTED_YET: SignedDuration = SignedDuration::from_secs(10);

/// So many of the latest activities are looked at for new types.
const LATEST: usize = 16;

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
    let (indexes, is_exact) = indexes(ports, scope, filter).await?;
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
    let most = MOST_EXAMINED.max(limit + 1);
    let (mut page, mut examined) = (Page::default(), 0);
    loop {
        let want = if is_exact { limit + 1 - page.activities.len() } else { most - examined };
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

/// Where to look, and whether nearly everything there is asked for.
async fn indexes(
    ports: &Ports<impl Store, impl Crypto>,
    scope: &Scope,
    filter: &Filter,
) -> Result<(Vec<LogIndex>, bool), LogError> {
    if let Some(user) = filter.user_id {
        let is_exact = *filter == Filter { user_id: Some(user), ..Filter::default() };
        return Ok((vec![LogIndex::User(user)], is_exact));
    }
    let organizations = organizations(ports, scope).await?;
    if let Some(wanted) = &filter.activity_type {
        let is_exact =
            *filter == Filter { activity_type: Some(wanted.clone()), ..Filter::default() };
        return Ok((
            organizations
                .into_iter()
                .map(|one| LogIndex::Type(one.to_string(), wanted.clone()))
                .collect(),
            is_exact,
        ));
    }
    if filter.is_flagged() {
        let flagged = organizations.into_iter().map(|one| LogIndex::Flagged(one.to_string()));
        return Ok((flagged.collect(), false));
    }
    if let (Scope::Of(organization), false) = (scope, filter.categories.is_empty()) {
        let organization = organization.as_str();
        let mut types = latest_types(ports, organization, filter).await?;
        types.sort_unstable();
        types.dedup();
        if types.len() <= MOST_TYPES {
            let indexes =
                types.into_iter().map(|one| LogIndex::Type(organization.to_owned(), one)).collect();
            let is_exact =
                *filter == Filter { categories: filter.categories.clone(), ..Filter::default() };
            return Ok((indexes, is_exact));
        }
    }
    let all = organizations.into_iter().map(|one| LogIndex::All(one.to_string())).collect();
    Ok((all, *filter == Filter::default()))
}

/// The types of some categories: those that are listed, and those of the last seconds, which may
/// not be listed yet.
async fn latest_types(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    filter: &Filter,
) -> Result<Vec<String>, StoreError> {
    let listed = filter
        .categories
        .iter()
        .map(|category| ports.store.activity_types(organization, *category));
    let since = ports.clock.now().checked_sub(NOT_LISTED_YET).ok();
    let (all, range) =
        ([LogIndex::All(organization.to_owned())], Range { since, ..Range::default() });
    let (listed, latest) = futures::join!(
        futures::future::try_join_all(listed),
        ports.store.read_log(&all, &range, LATEST)
    );
    let latest = latest?.activities.into_iter().map(|activity| activity.what);
    let latest = latest
        .filter(|what| filter.categories.contains(&what.category))
        .map(|what| what.activity_type.into_owned());
    Ok(listed?.into_iter().flatten().chain(latest).collect())
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
