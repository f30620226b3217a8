use rolecall_domain::{
    activity::{
        Activity, Category, LogIndex, LogPage, MOST_LISTED_TYPES, PLATFORM, PendingEvents, Range,
    },
    clock::Timestamp,
    idempotency::IdempotencyRecord,
    ids::{ActivityId, UserId, WriteId},
    organization::LogKey,
    ports::{ActivityStore, SetAside, StoreError},
};

use crate::{
    items::{ActivityItem, DirectoryItem, OutboxItem, SetAsideItem, TypeItem, announce, open},
    keys,
    store::{Item, Store, from_item, to_item},
    transaction::Write,
};

/// The kind of an activity: organization, category, type.
fn kind(activity: &Activity) -> [&str; 3] {
    let organization = activity.organization.as_ref().map_or(PLATFORM, LogKey::as_str);
    [organization, activity.what.category.as_str(), &activity.what.activity_type]
}

impl ActivityStore for Store {
    async fn record(&self, activity: &Activity) -> Result<(), StoreError> {
        self.put_once(&self.activity_item(activity)?).await?;
        self.known_types.insert(kind(activity));
        Ok(())
    }

    async fn record_all(&self, activities: &[&Activity]) -> Result<Vec<ActivityId>, StoreError> {
        let items = activities.iter().map(|activity| to_item(&self.activity_item(activity)?));
        let left = self.put_all(items.collect::<Result<_, _>>()?).await?;
        let id_of = |item: &Item| item.get(keys::SK)?.as_s().ok()?.parse().ok();
        let left: Vec<ActivityId> = left.iter().filter_map(id_of).collect();
        for activity in activities.iter().filter(|activity| !left.contains(&activity.id)) {
            self.known_types.insert(kind(activity));
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
    ) -> Result<(), StoreError> {
        let (PendingEvents { activity, mails }, kind) = open(pending_events)?;
        // Mails first: somebody may be waiting for one.
        for mail in &mails {
            self.put_once(&OutboxItem::new(mail, None)?).await?;
        }
        if let Some([organization, category, activity_type]) = kind {
            self.list_type(&organization, &category, &activity_type).await?;
        }
        match activity {
            Some(mut activity) => {
                activity.organization =
                    activity.organization.or_else(|| organization.map(LogKey::from_stored));
                self.record(&activity).await
            }
            None => Ok(()),
        }
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

    async fn activity(
        &self,
        organization: &str,
        id: ActivityId,
    ) -> Result<Option<Activity>, StoreError> {
        // The shard that it went to depends on how many there were then.
        let mut shards: Vec<u8> =
            (1..=self.retention.shards.max(1)).map(|shards| keys::shard(id, shards)).collect();
        shards.sort_unstable();
        shards.dedup();
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
    ) -> Result<Vec<String>, StoreError> {
        self.listed_types(organization, category.as_str()).await
    }
}

impl Store {
    async fn listed_types(
        &self,
        organization: &str,
        category: &str,
    ) -> Result<Vec<String>, StoreError> {
        let prefix = format!("{category}#");
        let query = self.query(keys::types_partition(organization)).begins_with(&prefix);
        let found = query.strongly().up_to(MOST_LISTED_TYPES).await?;
        let sort_keys = found.iter().filter_map(|item| item.get(keys::SK)?.as_s().ok());
        Ok(sort_keys.filter_map(|sk| sk.strip_prefix(&prefix)).map(str::to_owned).collect())
    }

    /// Lists a type, unless it is there, or as many are as are ever read. Two that are new at one
    /// moment may both be listed; no more are read.
    async fn list_type(
        &self,
        organization: &str,
        category: &str,
        activity_type: &str,
    ) -> Result<(), StoreError> {
        let listed = self.listed_types(organization, category).await?;
        if listed.len() >= MOST_LISTED_TYPES || listed.iter().any(|one| one == activity_type) {
            return Ok(());
        }
        self.put_once(&TypeItem::new(organization, category, activity_type)).await
    }

    fn activity_item(&self, activity: &Activity) -> Result<ActivityItem, StoreError> {
        let kind = kind(activity);
        let announcement = if self.known_types.contains(kind) {
            None
        } else {
            Some(announce(kind[0], kind[1], kind[2])?)
        };
        ActivityItem::new(activity, &self.retention, announcement)
    }

    /// An activity as a write of the change's own transaction.
    pub(super) fn recorded(&self, activity: &Activity) -> Result<Write, StoreError> {
        self.put_new(&self.activity_item(activity)?)
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
