use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, TryStreamExt, stream};

use crate::{
    model::{
        activity_stats::{EVERYTHING, Period},
        clock::Timestamp,
        ids::UserId,
        organization::PLATFORM,
    },
    ports::{Counter, Crypto, Ports, Store, StoreError},
};

/// Organizations come in pages of so many.
const PAGE: usize = 100;

/// Whose logs are one log: those of every organization, or that of one.
pub(super) async fn logs(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
) -> Result<Vec<String>, StoreError> {
    if organization != EVERYTHING {
        return Ok(vec![organization.to_owned()]);
    }
    let (mut keys, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = ports.store.organizations(after.as_deref(), PAGE).await?;
        keys.extend(page.iter().map(|one| one.log_key().to_string()));
        match page.last() {
            Some(last) if page.len() == PAGE => after = Some(last.code.to_string()),
            _ => return Ok(keys),
        }
    }
}

/// Logs by the hours in which something happened in them.
pub(super) type BusyLogs = BTreeMap<Timestamp, BTreeSet<String>>;

/// The logs in which something happened in the hours of a time. Of hours before `noted_from` nobody
/// knows: in each, every organization's log may have something.
pub(super) async fn busy_logs(
    ports: &Ports<impl Store, impl Crypto>,
    from: Timestamp,
    until: Timestamp,
    noted_from: Timestamp,
) -> Result<BusyLogs, StoreError> {
    let mut hour = Period::Hour.start(from);
    let mut busy = BusyLogs::new();
    for (hour, log) in ports.store.log_hours(hour, until).await? {
        busy.entry(hour).or_default().insert(log);
    }
    if hour < noted_from.min(until) {
        let all = logs(ports, EVERYTHING).await?;
        while hour < noted_from.min(until) {
            busy.entry(hour).or_default().extend(all.iter().cloned());
            hour = Period::Hour.next(hour);
        }
    }
    Ok(busy)
}

/// Gives every activity of a log in a time to `counter`.
pub async fn count(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    from: Timestamp,
    until: Timestamp,
    counter: &mut Counter<'_>,
) -> Result<(), StoreError> {
    for one in logs_of(ports, organization, from, until).await? {
        ports.store.count_activities(&one, from, until, counter).await?;
    }
    Ok(())
}

/// The logs that an organization's are, or of everything those in which something happened.
async fn logs_of(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    from: Timestamp,
    until: Timestamp,
) -> Result<BTreeSet<String>, StoreError> {
    if organization != EVERYTHING {
        return Ok(BTreeSet::from([organization.to_owned()]));
    }
    let watermark = ports.store.watermark().await?;
    let noted_from = watermark.and_then(|one| one.noted_from).unwrap_or(Timestamp::UNIX_EPOCH);
    let busy = busy_logs(ports, from, until, noted_from).await?;
    // What has no organization happens at any time.
    Ok(busy.into_values().flatten().chain([PLATFORM.to_owned()]).collect())
}

/// The presence of so many organizations is read at the same time.
const AT_ONCE: usize = 8;

/// How many people were seen since an instant; of each organization so many at most.
pub(super) async fn active(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    since: Timestamp,
    most: usize,
) -> Result<usize, StoreError> {
    let (now, shards) = (ports.clock.now(), ports.settings.shards);
    let logs = logs_of(ports, organization, since, now).await?;
    let seen = |one: String| async move {
        ports.store.seen_users(&one, since, now, None, most, shards).await
    };
    let seen: Vec<_> = stream::iter(logs).map(seen).buffer_unordered(AT_ONCE).try_collect().await?;
    let people: BTreeSet<UserId> =
        seen.iter().flat_map(|(seen, _)| seen.iter().map(|one| one.user_id)).collect();
    Ok(people.len())
}
