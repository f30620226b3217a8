use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use futures::future::try_join_all;
use rolecall_domain::{
    activity_stats::{Period, Statistics, Tally},
    clock::Timestamp,
    ports::{ActivityStatsStore, Counter, StoreError, Watermark},
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
const COUNTED: &str = "SK, by_type, by_user, actor, kind, failed, micros";

/// A page of statistics' keys that is read at once.
const BATCH: usize = 100;

impl ActivityStatsStore for Store {
    async fn watermark(&self) -> Result<Option<Watermark>, StoreError> {
        let Some(item) = self.get_eventually(&keys::watermark()).await? else {
            return Ok(None);
        };
        let at = |name: &str| {
            let millis = item.get(name).and_then(|at| at.as_n().ok()?.parse().ok());
            millis.map(instant).transpose()
        };
        let counted_to = at("counted_to")?
            .ok_or_else(|| StoreError::Broken("the watermark cannot be read".to_owned()))?;
        Ok(Some(Watermark { counted_to, noted_from: at("noted_from")? }))
    }

    async fn move_watermark(&self, to: Watermark) -> Result<(), StoreError> {
        let noted = to.noted_from.map_or("", |_| ", noted_from = :noted");
        let update = self
            .update_item(&keys::watermark())
            .update_expression(format!("SET entity = :entity, v = :v, counted_to = :to{noted}"))
            .condition_expression("attribute_not_exists(counted_to) OR counted_to < :to")
            .expression_attribute_values(":entity", text("watermark"))
            .expression_attribute_values(":v", number(V))
            .expression_attribute_values(":to", number(to.counted_to.as_millisecond()));
        let update = match to.noted_from {
            Some(from) => {
                update.expression_attribute_values(":noted", number(from.as_millisecond()))
            }
            None => update,
        };
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

    async fn log_hours(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(Timestamp, String)>, StoreError> {
        let query = self.query(keys::LOG_HOURS).between(from.to_string(), until.to_string());
        let found = query.only(keys::SK).up_to(usize::MAX).await?.into_iter();
        let hours = found.filter_map(|item| keys::hour_of(item.get(keys::SK)?.as_s().ok()?));
        Ok(hours.filter(|(hour, _)| *hour < until).collect())
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
