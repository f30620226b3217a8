//! Keys of the log and of what is made of it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall_domain::{
    activity_stats::Period,
    clock::{Timestamp, from_millis},
    ids::{ActivityId, EntryId, UserId},
};

use super::{Key, escape, unescape};

/// Index of activities by user.
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

/// The organization of an activity's partition.
#[must_use]
pub fn organization_of(partition: &str) -> Option<String> {
    partition.strip_prefix("ACTIVITY#")?.split('#').next().map(unescape)
}

/// The shard of an activity: its id is random at its end.
#[must_use]
pub fn shard(id: ActivityId, shards: u8) -> u8 {
    let [.., last] = *id.as_bytes();
    last % shards.max(1)
}

/// A user's activities: the id's bytes in base64, because it is in every activity.
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
