use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use futures::future::try_join_all;
use rolecall_domain::{
    activity_stats::{Period, Statistics, Tally},
    clock::Timestamp,
    ids::ActivityId,
    ports::{ActivityStatsStore, Counter, StoreError},
};

use super::update::Updated;
use crate::{
    items::{
        ActivityStatsItem, ActivityStatsUsersItem, BehindItem, V, activity_stats_items, counted,
        instant,
    },
    keys::{self, Key},
    query::Query,
    store::{Store, from_item, number, text},
};

/// What statistics look at.
const COUNTED: &str = "SK, by_type, by_user, kind, failed, micros";

/// A page of statistics' keys that is read at once.
const BATCH: usize = 100;

impl ActivityStatsStore for Store {
    async fn watermark(&self) -> Result<Option<Timestamp>, StoreError> {
        let Some(item) = self.get_eventually(&keys::watermark()).await? else {
            return Ok(None);
        };
        let millis = item.get("counted_to").and_then(|at| at.as_n().ok()?.parse().ok());
        millis.map(instant).transpose()?.map_or_else(
            || Err(StoreError::Broken("the watermark cannot be read".to_owned())),
            |at| Ok(Some(at)),
        )
    }

    async fn move_watermark(&self, to: Timestamp) -> Result<(), StoreError> {
        let update = self
            .update_item(&keys::watermark())
            .update_expression("SET entity = :entity, v = :v, counted_to = :to")
            .condition_expression("attribute_not_exists(counted_to) OR counted_to < :to")
            .expression_attribute_values(":entity", text("watermark"))
            .expression_attribute_values(":v", number(V))
            .expression_attribute_values(":to", number(to.as_millisecond()));
        match self.send_update(update).await? {
            // Another run was there already, or further.
            Updated::Done(_) | Updated::Refused(_) => Ok(()),
        }
    }

    async fn mark_behind(&self, organization: &str, hour: Timestamp) -> Result<(), StoreError> {
        self.put_over(&BehindItem::new(organization, hour)).await
    }

    async fn behind(&self, limit: usize) -> Result<Vec<(Timestamp, String)>, StoreError> {
        let Key { pk, .. } = keys::watermark();
        let query = self.query(pk).begins_with(keys::BEHIND).strongly();
        let found = query.up_to(limit).await?.into_iter();
        found.map(|item| Ok(from_item::<BehindItem>(item)?.read())).collect()
    }

    async fn no_longer_behind(
        &self,
        organization: &str,
        hour: Timestamp,
    ) -> Result<(), StoreError> {
        self.delete_item(&keys::statistics_behind(organization, hour)).await
    }

    async fn count_activities(
        &self,
        organization: &str,
        from: Timestamp,
        until: Timestamp,
        counter: &mut Counter<'_>,
    ) -> Result<(), StoreError> {
        let counter = Mutex::new(counter);
        let partitions = self.log_partitions(organization);
        let shards = partitions.iter().map(|partition| async {
            let mut next = None;
            loop {
                let span = self.span(partition, from, until).only(COUNTED).from(next);
                let page = span.page().await?;
                {
                    let mut counter = counter.lock().unwrap_or_else(PoisonError::into_inner);
                    for item in &page.items {
                        let (at, one) = counted(item)?;
                        counter(at, one);
                    }
                }
                next = page.next;
                if next.is_none() {
                    return Ok::<(), StoreError>(());
                }
            }
        });
        try_join_all(shards).await.map(drop)
    }

    async fn first_activity(
        &self,
        organization: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let partitions = self.log_partitions(organization);
        let spans = partitions
            .iter()
            .map(|partition| self.span(partition, from, until).only(COUNTED).limit(1).page());
        let ids = try_join_all(spans).await?.into_iter().flat_map(|page| page.items);
        let ids =
            ids.filter_map(|item| item.get(keys::SK)?.as_s().ok()?.parse::<ActivityId>().ok());
        Ok(ids.map(|id| id.made_at()).min())
    }

    async fn put_statistics(
        &self,
        organization: &str,
        period: Period,
        start: Timestamp,
        tally: &Tally,
    ) -> Result<(), StoreError> {
        let (item, beside) = activity_stats_items(organization, period, start, tally);
        if let Some(beside) = beside {
            self.put_over(&beside).await?;
        }
        self.put_over(&item).await
    }

    async fn statistics(
        &self,
        organization: &str,
        period: Period,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Statistics>, StoreError> {
        self.activity_stats_items(organization, period, from, until)
            .await?
            .into_iter()
            .map(ActivityStatsItem::read)
            .collect()
    }

    async fn whole_statistics(
        &self,
        organization: &str,
        period: Period,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(Timestamp, Tally)>, StoreError> {
        let items = self.activity_stats_items(organization, period, from, until).await?;
        let mut beside = Vec::new();
        for item in items.iter().filter(|item| item.has_users_beside()) {
            beside.push(keys::statistics_users(organization, period, item.start()?));
        }
        let mut found = HashMap::new();
        for some in beside.chunks(BATCH) {
            for item in self.get_all(some).await? {
                let users = from_item::<ActivityStatsUsersItem>(item)?;
                found.insert(users.start().to_owned(), users);
            }
        }
        let whole = items.into_iter().map(|item| {
            let users = found.remove(&item.start()?.to_string());
            item.whole(users)
        });
        whole.collect()
    }
}

impl Store {
    fn log_partitions(&self, organization: &str) -> Vec<String> {
        let shards = 0..self.retention.shards.max(1);
        let both = [false, true].into_iter();
        both.flat_map(|is_flagged| {
            shards
                .clone()
                .map(move |shard| keys::activity_partition(organization, is_flagged, shard))
        })
        .collect()
    }

    /// A part of one shard of the log, oldest first, read eventually.
    fn span(&self, partition: &str, from: Timestamp, until: Timestamp) -> Query<'_> {
        self.query(partition).between(keys::first_id_at(from), keys::first_id_at(until))
    }

    async fn activity_stats_items(
        &self,
        organization: &str,
        period: Period,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<ActivityStatsItem>, StoreError> {
        if from >= until {
            return Ok(Vec::new());
        }
        let Key { pk, sk: last } = keys::statistics(organization, period, period.previous(until));
        let from = keys::statistics(organization, period, from).sk;
        let items = self.query(pk).between(from, last).up_to(usize::MAX).await?;
        items.into_iter().map(from_item).collect()
    }
}
