use std::collections::BTreeSet;

use futures::future::try_join_all;
use rolecall_domain::{
    activity::{
        API_REQUEST, Activity, Category, LogIndex, LogPage, MOST_LISTED_TYPES, PLATFORM,
        PendingEvents, Range,
    },
    activity_stats::Period,
    clock::Timestamp,
    idempotency::IdempotencyRecord,
    ids::{ActivityId, UserId, WriteId},
    organization::LogKey,
    ports::{ActivityStore, SetAside, StoreError},
};

use super::update::Updated;
use crate::{
    items::{ActivityItem, DirectoryItem, LogHourItem, OutboxItem, SetAsideItem, TypeItem, open},
    keys::{self, Key},
    known_kinds::Listing,
    store::{Item, Store, from_item, text, to_item},
    transaction::{ABSENT, Write},
};

/// The organization's log that an activity is in.
pub(super) fn log_of(activity: &Activity) -> &str {
    activity.organization.as_ref().map_or(PLATFORM, LogKey::as_str)
}

/// The kind of an activity: organization, category, type.
fn kind(activity: &Activity) -> [&str; 3] {
    [log_of(activity), activity.what.category.as_str(), &activity.what.activity_type]
}

impl ActivityStore for Store {
    async fn record(&self, activity: &Activity) -> Result<(), StoreError> {
        self.put_once(&self.activity_item(activity)?.pending()).await
    }

    async fn record_all(&self, activities: &[&Activity]) -> Result<Vec<ActivityId>, StoreError> {
        let mut items = Vec::new();
        for activity in activities {
            let item = self.activity_item(activity)?;
            match self.listing(activity) {
                None => {
                    items.push(to_item(&item.pending())?);
                    self.known_kinds.want(kind(activity));
                }
                Some(listing) => {
                    for entry in self.entries_of(&item, activity, listing) {
                        items.push(to_item(&entry)?);
                    }
                    items.push(to_item(&item)?);
                }
            }
        }
        // Calls are recorded when they are answered: nobody waits for what is learned beside it.
        let learn = async {
            if activities.iter().any(|one| is_call(one)) {
                self.learn().await;
            }
        };
        let (left, ()) = futures::join!(self.put_all(items), learn);
        let left: Vec<ActivityId> = left?.iter().filter_map(id_of).collect();
        for activity in activities.iter().filter(|activity| !left.contains(&activity.id)) {
            self.known_kinds.tell(hour_of(activity));
            if is_call(activity) {
                self.known_kinds.tell(log_of(activity).to_owned());
            }
        }
        Ok(left)
    }

    async fn record_with(
        &self,
        activities: &[&Activity],
        idempotency: &IdempotencyRecord,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let mut writes = vec![self.idempotency_write(idempotency, now)?];
        for activity in activities {
            writes.push(self.recorded(activity)?);
        }
        self.transact(writes, write).await
    }

    async fn list_account(&self, user: UserId) -> Result<(), StoreError> {
        self.put_once(&DirectoryItem::new(user)).await
    }

    async fn file_pending_events(
        &self,
        pending_events: &str,
        organization: Option<&str>,
    ) -> Result<Option<Activity>, StoreError> {
        let PendingEvents { activity, mails } = open(pending_events)?;
        // Mails first: somebody may be waiting for one.
        for mail in &mails {
            self.put_once(&OutboxItem::new(mail, None)?).await?;
        }
        let Some(mut activity) = activity else {
            return Ok(None);
        };
        activity.organization =
            activity.organization.or_else(|| organization.map(LogKey::from_stored));
        self.name_users(&mut activity).await?;
        let item = self.activity_item(&activity)?.noted(false);
        self.put_entries(&item, &activity).await?;
        self.put_once(&item).await?;
        Ok(Some(activity))
    }

    async fn index_activity(&self, activity: &Activity) -> Result<(), StoreError> {
        let item = self.activity_item(activity)?;
        self.put_entries(&item, activity).await?;
        let update = self
            .update_item(item.key())
            .update_expression(format!("REMOVE {}, enclosed", keys::BY_USER))
            // One of the first form has its user there.
            .condition_expression("by_user = :pending")
            .expression_attribute_values(":pending", text(keys::pending(log_of(activity))));
        match self.send_update(update).await? {
            Updated::Done(_) | Updated::Refused(_) => Ok(()),
        }
    }

    async fn note_hour(&self, activity: &Activity) -> Result<bool, StoreError> {
        let key = hour_of(activity);
        if self.known_kinds.is_noted(&key) {
            return Ok(false);
        }
        let item = LogHourItem::new(log_of(activity), Period::Hour.start(activity.at()));
        let put = self.put_if(to_item(&item)?, ABSENT, None).await?;
        self.known_kinds.note(key);
        Ok(matches!(put, Updated::Done(_)))
    }

    async fn set_aside(&self, set_aside: &SetAside<'_>, now: Timestamp) -> Result<(), StoreError> {
        self.put_once(&SetAsideItem::new(set_aside, now)).await
    }

    async fn read_log(
        &self,
        indexes: &[LogIndex],
        range: &Range,
        want: usize,
    ) -> Result<LogPage, StoreError> {
        self.log_page(indexes, range, want).await
    }

    async fn logs_of(&self, user: UserId, limit: usize) -> Result<Vec<LogKey>, StoreError> {
        let partition = keys::user_log_partition(user);
        // `~` comes after every code.
        let (mut logs, mut bound) = (Vec::new(), "~".to_owned());
        while logs.len() < limit {
            let last = self.query(partition.as_str()).before(bound).backward().strongly().limit(1);
            let page = last.page().await?;
            let found = page.items.first().and_then(|item| item.get(keys::SK)?.as_s().ok());
            let Some((organization, before)) =
                found.and_then(|sort_key| keys::organization_of_entry(sort_key))
            else {
                break;
            };
            logs.push(LogKey::from_stored(organization));
            bound = before;
        }
        Ok(logs)
    }

    async fn activity(
        &self,
        organization: &str,
        id: ActivityId,
    ) -> Result<Option<Activity>, StoreError> {
        let shards = self.shards_of(id);
        let both = [false, true].into_iter().flat_map(|is_flagged| {
            shards
                .iter()
                .map(move |shard| keys::activity(organization, is_flagged, *shard, id))
                .collect::<Vec<_>>()
        });
        let mut found = self.get_all(&both.collect::<Vec<_>>()).await?;
        found.pop().map(|item| from_item::<ActivityItem>(item)?.try_into()).transpose()
    }

    async fn activity_types(
        &self,
        organization: &str,
        category: Category,
    ) -> Result<Option<Vec<String>>, StoreError> {
        let listed = self.listed_types(organization, category.as_str()).await?;
        let former = listed.iter().filter(|one| one.is_former).count();
        let types = listed.into_iter().map(|one| one.activity_type).collect();
        Ok((former < MOST_FORMERLY_LISTED).then_some(types))
    }
}

/// So many types of a category were listed before those that were not had entries.
const MOST_FORMERLY_LISTED: usize = 9;

/// Two runs may list a type each at one moment, and the calls of the API are always listed.
const MOST_READ_TYPES: usize = MOST_LISTED_TYPES * 2;

/// A type of the list.
struct ListedType {
    activity_type: String,
    is_former: bool,
}

/// The id in the key of an activity or of an entry.
fn id_of(item: &Item) -> Option<ActivityId> {
    let key: Key = serde_dynamo::from_item(item.clone()).ok()?;
    keys::place_of_activity(&key)?.1.parse().ok()
}

/// Whether it is the record of a call, whose type is always listed.
fn is_call(activity: &Activity) -> bool {
    activity.what.activity_type == API_REQUEST
}

/// An activity's hour in its log, as this process remembers it.
fn hour_of(activity: &Activity) -> String {
    format!("{}#{}", Period::Hour.start(activity.at()).as_second(), log_of(activity))
}

impl Store {
    /// The shards that an activity may lie in, the likely one first: it depends on how many there
    /// were then.
    pub(super) fn shards_of(&self, id: ActivityId) -> Vec<u8> {
        let mut shards: Vec<u8> = Vec::new();
        for shard in (1..=self.retention.shards.max(1)).rev().map(|all| keys::shard(id, all)) {
            if !shards.contains(&shard) {
                shards.push(shard);
            }
        }
        shards
    }

    async fn listed_types(
        &self,
        organization: &str,
        category: &str,
    ) -> Result<Vec<ListedType>, StoreError> {
        let prefix = format!("{category}#");
        let query = self.query(keys::types_partition(organization)).begins_with(&prefix);
        let found = query.strongly().up_to(MOST_READ_TYPES).await?;
        let types = found.into_iter().filter_map(|item| {
            let sort_key = item.get(keys::SK)?.as_s().ok()?;
            let activity_type = sort_key.strip_prefix(&prefix)?.to_owned();
            Some(ListedType { activity_type, is_former: TypeItem::is_former(&item) })
        });
        Ok(types.collect())
    }

    /// Whether a type is listed, of which this process may know nothing yet. It is listed now,
    /// unless as many are as are ever read.
    async fn list_type(&self, kind: [&str; 3]) -> Result<Listing, StoreError> {
        if let Some(known) = self.known_kinds.listing(kind) {
            return Ok(known);
        }
        let [organization, category, activity_type] = kind;
        let listed = self.listed_types(organization, category).await?;
        let is_listed = listed.iter().any(|one| one.activity_type == activity_type);
        let is_full = listed.len() >= MOST_LISTED_TYPES;
        if !is_listed && is_full && activity_type != API_REQUEST {
            self.known_kinds.learn([organization, category, ""], Listing::Unlisted);
            for one in &listed {
                let kind = [organization, category, one.activity_type.as_str()];
                self.known_kinds.learn(kind, Listing::Listed);
            }
            return Ok(Listing::Unlisted);
        }
        if !is_listed {
            // In a batch, as every function writes the records of its calls.
            let item = to_item(&TypeItem::new(organization, category, activity_type))?;
            if !self.put_all(vec![item]).await?.is_empty() {
                return Err(StoreError::Unavailable("a type was not listed".into()));
            }
        }
        self.known_kinds.learn(kind, Listing::Listed);
        Ok(Listing::Listed)
    }

    /// What this process knows of an activity's type: of calls, that the stream was told of one.
    fn listing(&self, activity: &Activity) -> Option<Listing> {
        if is_call(activity) {
            return self.known_kinds.was_told(log_of(activity)).then_some(Listing::Listed);
        }
        self.known_kinds.listing(kind(activity))
    }

    /// Lists the types that this process recorded first activities of. What cannot be listed now
    /// is by the next one of the type, or by `relay`.
    async fn learn(&self) {
        for [organization, category, activity_type] in self.known_kinds.wanted() {
            if activity_type != API_REQUEST {
                drop(self.list_type([&organization, &category, &activity_type]).await);
            }
        }
    }

    /// An activity as it is stored; the stream is told of it where it may be the first of its hour.
    fn activity_item(&self, activity: &Activity) -> Result<ActivityItem, StoreError> {
        let is_news = !self.known_kinds.was_told(&hour_of(activity));
        Ok(ActivityItem::new(activity, &self.retention)?.noted(is_news))
    }

    /// Its entries: one for each who has to do with it, for each tag, and one under its category,
    /// where its type is not listed.
    fn entries_of(
        &self,
        item: &ActivityItem,
        activity: &Activity,
        listing: Listing,
    ) -> Vec<ActivityItem> {
        let (id, log) = (activity.id, log_of(activity));
        let shard = keys::shard(id, self.retention.shards);
        let users = activity.roles();
        let users = users.iter().map(|(user, role)| keys::user_log_entry(*user, log, *role, id));
        let tags: BTreeSet<&String> = activity.extra.tags.iter().collect();
        let tags = tags.into_iter().map(|tag| keys::tag_partition(log, tag, shard));
        let category = (listing == Listing::Unlisted)
            .then(|| keys::category_partition(log, activity.what.category.as_str(), shard));
        let others = tags.chain(category).map(|partition| keys::activity_entry(partition, id));
        users.chain(others).map(|key| item.entry(key)).collect()
    }

    /// Writes the entries of an activity; those that are there already stay as they are.
    async fn put_entries(
        &self,
        item: &ActivityItem,
        activity: &Activity,
    ) -> Result<(), StoreError> {
        let listing = self.list_type(kind(activity)).await?;
        let entries = self.entries_of(item, activity, listing);
        try_join_all(entries.iter().map(|entry| self.put_once(entry))).await.map(drop)
    }

    /// Looks up the usernames that were not at hand where the activity was made.
    async fn name_users(&self, activity: &mut Activity) -> Result<(), StoreError> {
        let users = [activity.actor.as_mut(), activity.subject.as_mut()];
        for user in users.into_iter().flatten().filter(|user| user.username.is_none()) {
            let item = self.get_eventually(&keys::user(user.id)).await?;
            user.username = item.and_then(|item| item.get("username")?.as_s().ok().cloned());
        }
        Ok(())
    }

    /// An activity as a write of the change's own transaction. Its entries are made later: each
    /// would cost the change as much as the activity.
    pub(super) fn recorded(&self, activity: &Activity) -> Result<Write, StoreError> {
        self.put_new(&self.activity_item(activity)?.pending())
    }

    /// Activity and mails as writes of the change's own transaction, where no item of it can
    /// carry them.
    pub(super) fn filed(&self, pending_events: &PendingEvents) -> Result<Vec<Write>, StoreError> {
        let mails =
            pending_events.mails.iter().map(|mail| self.put_new(&OutboxItem::new(mail, None)?));
        let activity = pending_events.activity.iter().map(|activity| self.recorded(activity));
        mails.chain(activity).collect()
    }
}
