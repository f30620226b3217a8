use crate::{
    model::{
        activity_stats::{Period, Statistics},
        clock::{SignedDuration, Timestamp},
    },
    ports::{Crypto, Ports, Store, StoreError},
};

/// The time that is asked for: periods that begin in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// From this instant on; without one some time before the end.
    pub since: Option<Timestamp>,
    /// Up to this instant, which is left out; without one up to the last closed period.
    pub until: Option<Timestamp>,
}

/// A page of periods, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityStatsPage {
    /// One for each period, whether or not something happened in it.
    pub items: Vec<Statistics>,
    /// The next page begins with the period before this one.
    pub next: Option<Timestamp>,
}

/// How far back it goes where nobody says so: an hour of minutes, a day of hours, thirty days.
fn usual(period: Period) -> SignedDuration {
    match period {
        Period::Minute => SignedDuration::from_hours(1),
        Period::Hour => SignedDuration::from_hours(24),
        Period::Day => SignedDuration::from_hours(30 * 24),
    }
}

/// A page of the closed periods of an organization, or of everything. One that is closed and not
/// counted yet is not there.
pub async fn statistics(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    period: Period,
    span: Span,
    before: Option<Timestamp>,
    limit: usize,
) -> Result<ActivityStatsPage, StoreError> {
    let Some(watermark) = ports.store.watermark().await?.map(|one| one.counted_to) else {
        return Ok(ActivityStatsPage::default());
    };
    let closed = Period::start(period, watermark.min(ports.clock.now()));
    // A period that begins before `until` is asked for.
    let asked = span.until.map_or(closed, |until| ceiling(period, until));
    let end = before.map_or(Timestamp::MAX, |before| period.start(before)).min(asked).min(closed);
    let since = span
        .since
        .unwrap_or_else(|| asked.min(closed).checked_sub(usual(period)).unwrap_or(Timestamp::MIN));
    let begin = ceiling(period, since.max(Timestamp::UNIX_EPOCH));
    let mut starts = Vec::new();
    let mut start = period.previous(end);
    while start >= begin && starts.len() <= limit {
        starts.push(start);
        start = period.previous(start);
    }
    let has_more = starts.len() > limit;
    starts.truncate(limit);
    let Some(oldest) = starts.last().copied() else {
        return Ok(ActivityStatsPage::default());
    };
    let stored = ports.store.statistics(organization, period, oldest, end).await?;
    let of = |start: Timestamp| {
        stored
            .iter()
            .find(|one| one.start == start)
            .cloned()
            .unwrap_or_else(|| Statistics::empty(start))
    };
    Ok(ActivityStatsPage {
        items: starts.iter().map(|start| of(*start)).collect(),
        next: has_more.then_some(oldest),
    })
}

/// The beginning of the first period that begins at `at` or later.
fn ceiling(period: Period, at: Timestamp) -> Timestamp {
    let start = period.start(at);
    if start == at { at } else { period.next(start) }
}
