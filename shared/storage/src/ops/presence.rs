use std::{cmp::Reverse, collections::BTreeMap};

use futures::future::try_join_all;
use rolecall_domain::{
    clock::Timestamp,
    ids::{SessionId, UserId},
    organization::UserWithMemberships,
    ports::{PresenceStore, StoreError},
    session::{MOST_SESSIONS, Presence, SeenUser, Session},
};

use super::sessions::session_of;
use crate::{
    items::{PRESENCE_KEPT, V, presence_slot, seen_of, user_with_memberships_of},
    keys::{self, Key, PK, SK},
    store::{Item, Store, number, text},
};

/// DynamoDB reads so many items at once (`BatchGetItem`).
const BATCH: usize = 100;

impl PresenceStore for Store {
    async fn note_presence(&self, presence: &Presence, shards: u8) -> Result<(), StoreError> {
        let Presence { organization, user_id, at, .. } = presence;
        let (slot, used) = presence_slot(presence);
        let until = at.as_second().saturating_add(PRESENCE_KEPT.as_secs());
        let update = self
            .update_item(&keys::presence(organization.as_str(), *at, *user_id, shards))
            .update_expression("SET entity = :entity, v = :v, expires_at = :until, #slot = :used")
            .expression_attribute_names("#slot", slot)
            .expression_attribute_values(":entity", text("presence"))
            .expression_attribute_values(":v", number(V))
            .expression_attribute_values(":until", number(until))
            .expression_attribute_values(":used", used);
        self.send_update(update).await.map(drop)
    }

    async fn seen_users(
        &self,
        organization: &str,
        since: Timestamp,
        now: Timestamp,
        after: Option<UserId>,
        limit: usize,
        shards: u8,
    ) -> Result<(Vec<SeenUser>, Option<UserId>), StoreError> {
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
        let known_up_to = pages.iter().filter_map(|page| page.cut_at).min();
        let mut people: BTreeMap<UserId, BTreeMap<SessionId, Timestamp>> = BTreeMap::new();
        for (user, sessions) in pages.into_iter().flat_map(|page| page.people) {
            if known_up_to.is_none_or(|end| user <= end) {
                for (session, at) in sessions.into_iter().filter(|(_, at)| *at >= since) {
                    let last = people.entry(user).or_default().entry(session).or_insert(at);
                    *last = at.max(*last);
                }
            }
        }
        let is_cut = people.len() > limit;
        let seen = |(user_id, sessions): (UserId, BTreeMap<SessionId, Timestamp>)| {
            let mut sessions: Vec<(SessionId, Timestamp)> = sessions.into_iter().collect();
            sessions.sort_by_key(|(_, at)| Reverse(*at));
            let last = sessions.into_iter().take(MOST_SESSIONS);
            SeenUser { user_id, sessions: last.map(|(session, _)| session).collect() }
        };
        let people: Vec<SeenUser> = people.into_iter().take(limit).map(seen).collect();
        let next = if is_cut { people.last().map(|one| one.user_id) } else { known_up_to };
        Ok((people, next))
    }

    async fn as_they_are(
        &self,
        seen: &[SeenUser],
    ) -> Result<Vec<(UserWithMemberships, Vec<Session>)>, StoreError> {
        let keys_of = |one: &SeenUser| {
            let sessions = one.sessions.iter().map(|session| keys::session(one.user_id, *session));
            [keys::user(one.user_id)].into_iter().chain(sessions).collect::<Vec<Key>>()
        };
        let wanted: Vec<Key> = seen.iter().flat_map(keys_of).collect();
        let found = try_join_all(wanted.chunks(BATCH).map(|some| self.get_all(some))).await?;
        let mut found: Vec<Item> = found.into_iter().flatten().collect();
        let mut take = |key: &Key| {
            let is = |item: &Item| {
                item.get(PK) == Some(&text(&key.pk)) && item.get(SK) == Some(&text(&key.sk))
            };
            found.iter().position(is).map(|place| found.swap_remove(place))
        };
        let mut people = Vec::new();
        for one in seen {
            let Some(user) = take(&keys::user(one.user_id)) else {
                continue;
            };
            let sessions = one.sessions.iter();
            let sessions =
                sessions.filter_map(|session| take(&keys::session(one.user_id, *session)));
            let sessions = sessions.map(session_of).collect::<Result<_, StoreError>>()?;
            people.push((user_with_memberships_of(user)?, sessions));
        }
        Ok(people)
    }
}

struct Page {
    people: Vec<(UserId, Vec<(SessionId, Timestamp)>)>,
    /// The last id that was read when there is more.
    cut_at: Option<UserId>,
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
        let people = page.items.iter().map(seen_of).collect::<Result<Vec<_>, StoreError>>()?;
        let cut_at = people.last().filter(|_| is_cut).map(|(user, _)| *user);
        Ok(Page { people, cut_at })
    }
}
