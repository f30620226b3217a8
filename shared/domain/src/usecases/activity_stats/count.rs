use std::collections::BTreeSet;

use crate::{
    model::{activity_stats::EVERYTHING, clock::Timestamp},
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

/// Gives every activity of a log in a time to `counter`.
pub async fn count(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    from: Timestamp,
    until: Timestamp,
    counter: &mut Counter<'_>,
) -> Result<(), StoreError> {
    for one in logs(ports, organization).await? {
        ports.store.count_activities(&one, from, until, counter).await?;
    }
    Ok(())
}

/// How many people were seen since an instant; of each organization so many at most.
pub(super) async fn active(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    since: Timestamp,
    most: usize,
) -> Result<usize, StoreError> {
    let (now, shards) = (ports.clock.now(), ports.settings.shards);
    let mut people = BTreeSet::new();
    for one in logs(ports, organization).await? {
        let (seen, _) = ports.store.active_users(&one, since, now, None, most, shards).await?;
        people.extend(seen.iter().map(|one| *one.user_id.as_bytes()));
    }
    Ok(people.len())
}
