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

/// A part of a partition of the table or of an index.
struct LogPartition {
    index: Option<&'static str>,
    key: String,
    /// What its sort keys begin with before the id.
    prefix: String,
}

/// Of so many partitions each is asked for a whole page: most of them are nearly empty.
const MOST_READ_WHOLE: usize = 4;

/// Of many partitions at least so many activities are read of each: about what DynamoDB counts as
/// one unit.
const LEAST: usize = 6;

/// A page is read in so many round trips at most.
const MOST_ROUNDS: usize = 3;

/// What was read of a partition, newest first.
#[derive(Default)]
struct Part {
    activities: Vec<Activity>,
    /// Down to where it was read, where there may be more.
    reached: Option<ActivityId>,
}

impl Store {
    /// Reads a little of each partition, and then more of those that may have what comes next.
    pub(super) async fn log_page(
        &self,
        indexes: &[LogIndex],
        range: &Range,
        want: usize,
    ) -> Result<LogPage, StoreError> {
        let partitions: Vec<LogPartition> =
            indexes.iter().flat_map(|index| self.partitions(index)).collect();
        let mut each = match partitions.len() {
            ..=MOST_READ_WHOLE => want,
            many => (want * 2 / many).clamp(LEAST.min(want), want),
        };
        let first = partitions.iter().map(|partition| self.part(partition, range, each));
        let mut parts = try_join_all(first).await?;
        for _ in 1..MOST_ROUNDS {
            let (known, last) = known(&parts, want);
            each = (want - known).max(LEAST.min(want));
            // What is behind the last that is wanted comes later, wherever it is.
            let is_needed = |reached: ActivityId| last.is_none_or(|last| reached > last);
            let more = parts.iter().zip(&partitions).enumerate().filter_map(|(place, both)| {
                let before = both.0.reached.filter(|reached| is_needed(*reached))?;
                let (partition, range) = (both.1, Range { before: Some(before), ..*range });
                Some(async move {
                    let part = self.part(partition, &range, each).await?;
                    Ok::<_, StoreError>((place, part))
                })
            });
            let more = try_join_all(more).await?;
            if more.is_empty() {
                break;
            }
            for (place, more) in more {
                if let Some(part) = parts.get_mut(place) {
                    part.activities.extend(more.activities);
                    part.reached = more.reached;
                }
            }
        }
        let end = parts.iter().filter_map(|part| part.reached).max();
        let mut activities: Vec<Activity> =
            parts.into_iter().flat_map(|part| part.activities).collect();
        activities.sort_by_key(|activity| std::cmp::Reverse(activity.id));
        activities.dedup_by_key(|activity| activity.id);
        let mut reached = end;
        // Nothing beyond the end of a part that has more is known to come next.
        activities.retain(|activity| end.is_none_or(|end| activity.id >= end));
        if activities.len() > want {
            activities.truncate(want);
            reached = activities.last().map(|last| last.id);
        }
        Ok(LogPage { activities, reached })
    }

    /// The partitions of an organization's log, of one class or the other.
    fn class_partitions(&self, organization: &str, is_flagged: bool) -> Vec<String> {
        let shards = 0..self.retention.shards.max(1);
        shards.map(|shard| keys::activity_partition(organization, is_flagged, shard)).collect()
    }

    /// The partitions of an organization's log.
    pub(super) fn log_partitions(&self, organization: &str) -> Vec<String> {
        let both = [false, true].into_iter();
        both.flat_map(|is_flagged| self.class_partitions(organization, is_flagged)).collect()
    }

    fn partitions(&self, index: &LogIndex) -> Vec<LogPartition> {
        let shards = 0..self.retention.shards.max(1);
        let of = |index, key| LogPartition { index, key, prefix: String::new() };
        let of_all = |keys: Vec<String>| keys.into_iter().map(|key| of(None, key)).collect();
        match index {
            LogIndex::All(organization) => of_all(self.log_partitions(organization)),
            LogIndex::Flagged(organization) => of_all(self.class_partitions(organization, true)),
            LogIndex::Type(organization, activity_type) => shards
                .map(|shard| of(Some(BY_TYPE), keys::by_type(organization, activity_type, shard)))
                .collect(),
            LogIndex::Unlisted(organization, category) => shards
                .map(|shard| keys::category_partition(organization, category.as_str(), shard))
                .map(|key| of(None, key))
                .collect(),
            LogIndex::Tag(organization, tag) => shards
                .map(|shard| of(None, keys::tag_partition(organization, tag, shard)))
                .collect(),
            LogIndex::User(organization, user, role) => vec![LogPartition {
                prefix: keys::user_log_prefix(organization, *role),
                ..of(None, keys::user_log_partition(*user))
            }],
            LogIndex::Pending(organization) => vec![of(Some(BY_USER), keys::pending(organization))],
            LogIndex::Former(user) => vec![of(Some(BY_USER), keys::by_user(*user))],
        }
    }

    /// A part of one partition, read strongly where DynamoDB can: what was answered is found by the
    /// next call.
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
            return Ok(Part::default());
        }
        // The one that the page begins behind is read again.
        let limit = limit + usize::from(range.before.is_some());
        let [from, to] = [from, to].map(|id| format!("{}{id}", partition.prefix));
        let query = self.query_index(partition.index, &partition.key).between(from, to);
        let query = if partition.index.is_none() { query.strongly() } else { query };
        let page = query.backward().limit(limit).page().await?;
        let has_more = page.next.is_some();
        let is_behind = |id: ActivityId| range.before.is_none_or(|before| id < before);
        let activities =
            page.items.into_iter().map(|item| from_item::<ActivityItem>(item)?.try_into());
        let mut activities = activities.collect::<Result<Vec<Activity>, StoreError>>()?;
        let reached = activities.last().map(|last| last.id).filter(|_| has_more);
        activities.retain(|activity| is_behind(activity.id));
        Ok(Part { activities, reached })
    }
}

/// How many activities are known to come next, up to `want`; and the last of so many, as far as it
/// is known.
fn known(parts: &[Part], want: usize) -> (usize, Option<ActivityId>) {
    let end = parts.iter().filter_map(|part| part.reached).max();
    let all = parts.iter().flat_map(|part| &part.activities).map(|activity| activity.id);
    let mut all: Vec<ActivityId> = all.collect();
    all.sort_unstable_by(|one, other| other.cmp(one));
    all.dedup();
    let known = all.iter().filter(|id| end.is_none_or(|end| **id >= end)).count();
    (known.min(want), all.get(want.saturating_sub(1)).copied())
}
