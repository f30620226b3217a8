//! Reading the log: partitions that each are newest first, merged.

use futures::future::try_join_all;
use rolecall_domain::{
    activity::{Activity, LogIndex, LogPage, Range},
    ids::ActivityId,
    ports::StoreError,
};

use crate::{
    items::ActivityItem,
    keys::{self, BY_TYPE, BY_USER},
    store::{Store, from_item},
};

/// A partition of the table or of an index.
struct LogPartition {
    index: Option<&'static str>,
    key: String,
}

/// Of several partitions at least so many are read of each: what DynamoDB counts as one unit.
const LEAST: usize = 9;

/// What was read of a partition, newest first.
struct Part {
    activities: Vec<Activity>,
    /// Whether there is more behind the last one.
    is_cut: bool,
}

impl Store {
    pub(super) async fn log_page(
        &self,
        indexes: &[LogIndex],
        range: &Range,
        want: usize,
    ) -> Result<LogPage, StoreError> {
        let partitions: Vec<LogPartition> =
            indexes.iter().flat_map(|index| self.partitions(index)).collect();
        // One or two may hold all that is wanted; of many each gives twice its share.
        let each = match partitions.len() {
            ..=2 => want,
            many => (want * 2 / many).clamp(LEAST.min(want), want),
        };
        let parts =
            try_join_all(partitions.iter().map(|partition| self.part(partition, range, each)))
                .await?;
        // Nothing beyond the end of the shortest part that was cut is known to come next.
        let cut = parts
            .iter()
            .filter(|part| part.is_cut)
            .filter_map(|part| part.activities.last())
            .map(|last| last.id);
        let known_down_to = cut.max();
        let mut activities: Vec<Activity> =
            parts.into_iter().flat_map(|part| part.activities).collect();
        activities.sort_by_key(|activity| std::cmp::Reverse(activity.id));
        let mut reached = known_down_to;
        if let Some(end) = known_down_to {
            activities.retain(|activity| activity.id >= end);
        }
        if activities.len() > want {
            activities.truncate(want);
            reached = activities.last().map(|last| last.id);
        }
        Ok(LogPage { activities, reached })
    }

    fn partitions(&self, index: &LogIndex) -> Vec<LogPartition> {
        let shards = 0..self.retention.shards.max(1);
        let of = |index, key| LogPartition { index, key };
        let of_class = |organization: &str, is_flagged: bool| {
            let keys = shards
                .clone()
                .map(move |shard| keys::activity_partition(organization, is_flagged, shard));
            keys.map(|key| of(None, key)).collect::<Vec<_>>()
        };
        match index {
            LogIndex::All(organization) => {
                [of_class(organization, false), of_class(organization, true)]
                    .into_iter()
                    .flatten()
                    .collect()
            }
            LogIndex::Flagged(organization) => of_class(organization, true),
            LogIndex::Type(organization, activity_type) => shards
                .map(|shard| of(Some(BY_TYPE), keys::by_type(organization, activity_type, shard)))
                .collect(),
            LogIndex::User(user) => vec![of(Some(BY_USER), keys::by_user(*user))],
        }
    }

    /// One partition, read eventually: nothing is decided on it.
    async fn part(
        &self,
        partition: &LogPartition,
        range: &Range,
        limit: usize,
    ) -> Result<Part, StoreError> {
        let from = range.since.map_or_else(|| "0".to_owned(), keys::first_id_at);
        // `g` comes after every id.
        let until = range.until.map_or_else(|| "g".to_owned(), keys::first_id_at);
        let to = range
            .before
            .map_or_else(|| until.clone(), |before| until.clone().min(before.to_string()));
        if from > to {
            return Ok(Part { activities: Vec::new(), is_cut: false });
        }
        // The one that the page begins behind is read again.
        let limit = limit + usize::from(range.before.is_some());
        let query = self.query_index(partition.index, &partition.key).between(from, to);
        let page = query.backward().limit(limit).page().await?;
        let is_cut = page.next.is_some();
        let is_behind = |id: ActivityId| range.before.is_none_or(|before| id < before);
        let activities =
            page.items.into_iter().map(|item| from_item::<ActivityItem>(item)?.try_into());
        let mut activities = activities.collect::<Result<Vec<Activity>, StoreError>>()?;
        activities.retain(|activity| is_behind(activity.id));
        Ok(Part { activities, is_cut })
    }
}
