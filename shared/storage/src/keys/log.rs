//! Keys of the log and of what is made of it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall_domain::{
    activity::LogRole,
    activity_stats::Period,
    clock::{Timestamp, from_millis},
    ids::{ActivityId, EntryId, UserId},
};

use super::{Key, escape, unescape};

/// Index of activities whose entries are still to be made, by organization; and of those from
/// before there were entries, by whom they concern.
pub const BY_USER: &str = "by_user";
/// Index of activities by organization and type.
pub const BY_TYPE: &str = "by_type";

/// An activity of an organization. Failures and what is of high severity lie in a class of their
/// own.
#[must_use]
pub fn activity(organization: &str, is_flagged: bool, shard: u8, id: ActivityId) -> Key {
    Key::new(activity_partition(organization, is_flagged, shard), id.to_string())
}

/// One shard of an organization's activities.
#[must_use]
pub fn activity_partition(organization: &str, is_flagged: bool, shard: u8) -> String {
    let class = if is_flagged { "flagged" } else { "ordinary" };
    format!("ACTIVITY#{}#{class}#{shard}", escape(organization))
}

/// One shard of an organization's activities with a tag: entries.
#[must_use]
pub fn tag_partition(organization: &str, tag: &str, shard: u8) -> String {
    format!("ACTIVITY#{}#tag:{}#{shard}", escape(organization), escape(tag))
}

/// One shard of an organization's activities of a category whose types are not listed: entries.
#[must_use]
pub fn category_partition(organization: &str, category: &str, shard: u8) -> String {
    format!("ACTIVITY#{}#category:{category}#{shard}", escape(organization))
}

/// An entry of one of these partitions.
#[must_use]
pub fn activity_entry(partition: String, id: ActivityId) -> Key {
    Key::new(partition, id.to_string())
}

/// What a user did and what was done to them, everywhere: entries. No organization's code begins
/// with an `@`.
#[must_use]
pub fn user_log_partition(user: UserId) -> String {
    format!("ACTIVITY#@{user}")
}

/// What the sort keys of a user's entries in an organization begin with.
#[must_use]
pub fn user_log_prefix(organization: &str, role: LogRole) -> String {
    format!("{}#{}#", escape(organization), role.as_str())
}

/// An entry of a user's.
#[must_use]
pub fn user_log_entry(user: UserId, organization: &str, role: LogRole, id: ActivityId) -> Key {
    let prefix = user_log_prefix(organization, role);
    Key::new(user_log_partition(user), format!("{prefix}{id}"))
}

/// The organization in the sort key of a user's entry, and what comes before all of its entries.
#[must_use]
pub fn organization_of_entry(sort_key: &str) -> Option<(String, String)> {
    let organization = sort_key.split('#').next()?;
    Some((unescape(organization), format!("{organization}#")))
}

/// Organization and id in the key of an activity or of an entry.
#[must_use]
pub fn place_of_activity(key: &Key) -> Option<(String, &str)> {
    let rest = key.pk.strip_prefix("ACTIVITY#")?;
    let mut parts = key.sk.split('#');
    if rest.starts_with('@') {
        let organization = parts.next().map(unescape)?;
        return Some((organization, parts.next_back()?));
    }
    Some((rest.split('#').next().map(unescape)?, &key.sk))
}

/// The shard of an activity: its id is random at its end.
#[must_use]
pub fn shard(id: ActivityId, shards: u8) -> u8 {
    let [.., last] = *id.as_bytes();
    last % shards.max(1)
}

/// An organization's activities whose entries are still to be made.
#[must_use]
pub fn pending(organization: &str) -> String {
    format!("{}#pending", escape(organization))
}

/// Activities from before there were entries, by whom they concern: the id's bytes in base64.
#[must_use]
pub fn by_user(user: UserId) -> String {
    URL_SAFE_NO_PAD.encode(user.as_bytes())
}

/// One shard of an organization's activities of a type, which has no `#`.
#[must_use]
pub fn by_type(organization: &str, activity_type: &str, shard: u8) -> String {
    format!("{}#{activity_type}#{shard}", escape(organization))
}

/// The type in the index key.
#[must_use]
pub fn type_of(by_type: &str) -> Option<&str> {
    by_type.split('#').nth(1)
}

/// The first text that an id of this instant or a later one may have: it orders as ids do.
#[must_use]
pub fn first_id_at(at: Timestamp) -> String {
    // 48 bits, as an id has.
    let millis = u64::try_from(at.as_millisecond()).unwrap_or_default().min(0xffff_ffff_ffff);
    format!("{:08x}-{:04x}-", millis >> 16, millis & 0xffff)
}

/// The instant in an id.
#[must_use]
pub fn instant_of(id: &str) -> Option<Timestamp> {
    let millis = i64::from_str_radix(id.get(..8)?, 16).ok()? << 16
        | i64::from_str_radix(id.get(9..13)?, 16).ok()?;
    from_millis(millis)
}

/// That something happened in an organization in an hour: statistics are made of these.
#[must_use]
pub fn log_hour(hour: Timestamp, organization: &str) -> Key {
    Key::new(LOG_HOURS.to_owned(), format!("{hour}#{}", escape(organization)))
}

/// The partition of all hours in which something happened.
pub const LOG_HOURS: &str = "LOG_HOURS";

/// Hour and organization in such a sort key.
#[must_use]
pub fn hour_of(sort_key: &str) -> Option<(Timestamp, String)> {
    let (hour, organization) = sort_key.split_once('#')?;
    Some((hour.parse().ok()?, unescape(organization)))
}

/// What the log of a period adds up to, in an organization or in `*`, which is no code.
#[must_use]
pub fn statistics(organization: &str, period: Period, start: Timestamp) -> Key {
    Key::new(format!("STATS#{}#{}", escape(organization), period.as_str()), start.to_string())
}

/// Everybody in the statistics of a period.
#[must_use]
pub fn statistics_users(organization: &str, period: Period, start: Timestamp) -> Key {
    Key::new(format!("STATS_USERS#{}#{}", escape(organization), period.as_str()), start.to_string())
}

/// Up to where the log was counted.
#[must_use]
pub fn watermark() -> Key {
    Key::new("STATS".to_owned(), "WATERMARK")
}

/// What the keys of hours that could not be counted begin with.
pub const BEHIND: &str = "BEHIND#";

/// That an organization's statistics of an hour could not be made.
#[must_use]
pub fn statistics_behind(organization: &str, hour: Timestamp) -> Key {
    Key::new("STATS".to_owned(), format!("{BEHIND}{hour}#{}", escape(organization)))
}

/// That an organization has activities of a type.
#[must_use]
pub fn activity_type(organization: &str, category: &str, activity_type: &str) -> Key {
    Key::new(types_partition(organization), format!("{category}#{activity_type}"))
}

/// The types of an organization's activities.
#[must_use]
pub fn types_partition(organization: &str) -> String {
    format!("TYPES#{}", escape(organization))
}

/// An entry of an organization's activity stream.
#[must_use]
pub fn activity_stream_entry(organization: &str, id: EntryId) -> Key {
    Key::new(activity_stream_partition(organization), id.to_string())
}

/// The entries of an organization's activity stream.
#[must_use]
pub fn activity_stream_partition(organization: &str) -> String {
    format!("FEED#{}", escape(organization))
}

/// The organization of an activity stream's partition.
#[must_use]
pub fn organization_of_activity_stream(partition: &str) -> Option<String> {
    partition.strip_prefix("FEED#").map(unescape)
}

/// The head of an organization's activity stream.
#[must_use]
pub fn activity_stream_head(organization: &str) -> Key {
    Key::new(format!("FEED_HEAD#{}", escape(organization)), "HEAD")
}

/// A group of an organization's activity stream.
#[must_use]
pub fn activity_stream_group(organization: &str, group: &str) -> Key {
    Key::new(format!("FEED_GROUP#{}#{}", escape(organization), escape(group)), "GROUP")
}

/// How entries of a type are shown.
#[must_use]
pub fn activity_stream_templates() -> Key {
    Key::new("FEED".to_owned(), "TEMPLATES")
}
