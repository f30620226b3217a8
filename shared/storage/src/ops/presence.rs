use std::collections::BTreeMap;

use futures::future::try_join_all;
use rolecall_domain::{
    clock::Timestamp,
    ids::UserId,
    ports::{PresenceStore, StoreError},
    session::Presence,
};

use crate::{
    items::PresenceItem,
    keys,
    store::{Store, from_item},
};

impl PresenceStore for Store {
    async fn note_presence(&self, presence: &Presence, shards: u8) -> Result<(), StoreError> {
        self.put_over(&PresenceItem::new(presence, shards)).await
    }

    async fn active_users(
        &self,
        organization: &str,
        since: Timestamp,
        now: Timestamp,
        after: Option<UserId>,
        limit: usize,
        shards: u8,
    ) -> Result<(Vec<Presence>, Option<UserId>), StoreError> {
        let mut partitions: Vec<String> = [since, now]
            .into_iter()
            .flat_map(|at| {
                (0..shards).map(move |shard| keys::presence_partition(organization, at, shard))
            })
            .collect();
        partitions.dedup();
        let pages = try_join_all(
            partitions.into_iter().map(|partition| self.page(partition, after, limit)),
        )
        .await?;
        // Nobody beyond the end of the shortest page that was cut is known to be next.
        let known_up_to = pages.iter().filter_map(|page| page.cut_at.clone()).min();
        let mut people: BTreeMap<String, Presence> = BTreeMap::new();
        let found =
            pages.into_iter().flat_map(|page| page.people).filter(|one| one.last_activity >= since);
        for one in found {
            let id = one.user_id.to_string();
            if known_up_to.as_ref().is_none_or(|end| id <= *end) {
                let latest = people
                    .remove(&id)
                    .filter(|other| other.last_activity > one.last_activity)
                    .unwrap_or(one);
                people.insert(id, latest);
            }
        }
        let mut people: Vec<Presence> = people.into_values().collect();
        let is_cut = people.len() > limit;
        people.truncate(limit);
        let next = if is_cut {
            people.last().map(|one| one.user_id)
        } else {
            known_up_to.and_then(|end| end.parse().ok())
        };
        Ok((people, next))
    }
}

struct Page {
    people: Vec<Presence>,
    /// The last id that was read when there is more.
    cut_at: Option<String>,
}

impl Store {
    /// One shard, read eventually: nothing is decided on it.
    async fn page(
        &self,
        partition: String,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        // A blank comes before every id.
        let after = after.map_or_else(|| " ".to_owned(), |id| id.to_string());
        let page = self.query(partition).after(after).limit(limit.saturating_add(1)).page().await?;
        let is_cut = page.next.is_some();
        let people = page.items.into_iter().map(|item| from_item::<PresenceItem>(item)?.try_into());
        let people = people.collect::<Result<Vec<Presence>, StoreError>>()?;
        let cut_at = people.last().filter(|_| is_cut).map(|one| one.user_id.to_string());
        Ok(Page { people, cut_at })
    }
}
