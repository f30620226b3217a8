use super::count::{active, count};
use crate::{
    model::{
        activity_stats::{Counted, Period, Statistics, Tally},
        clock::{SignedDuration, Timestamp},
    },
    ports::{Crypto, Ports, Store, StoreError},
};

/// The last day at a glance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Activities of the last hour.
    pub last_hour: u64,
    /// All of the last 24 hours.
    pub day: Tally,
    /// People who were seen within five minutes.
    pub active_users: usize,
}

/// Somebody who was seen this long ago is active.
const ACTIVE: SignedDuration = SignedDuration::from_mins(5);

/// So many active people of an organization are counted at most.
const MOST_ACTIVE: usize = 1000;

/// Adds the last hour and the last 24 hours up, to the minute: whole hours from their statistics,
/// the minutes at both ends from theirs, and what was not counted yet from the log itself.
pub async fn summary(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
) -> Result<Summary, StoreError> {
    let now = ports.clock.now();
    let ago = |span: SignedDuration| {
        Period::Minute.start(now.checked_sub(span).unwrap_or(Timestamp::UNIX_EPOCH))
    };
    let (day, hour) = (ago(SignedDuration::from_hours(24)), ago(SignedDuration::from_hours(1)));
    let since = now.checked_sub(ACTIVE).unwrap_or(now);
    let active = active(ports, organization, since, MOST_ACTIVE);
    let (watermark, active_users) = futures::try_join!(ports.store.watermark(), active)?;
    let counted = watermark.map_or(day, |one| one.counted_to).max(day);
    let spans = spans(day, counted);
    let (parts, recent, (rest, of_hour)) = futures::try_join!(
        futures::future::try_join_all(spans.map(|(period, from, until)| read(
            ports,
            organization,
            period,
            from,
            until
        ))),
        read(ports, organization, Period::Minute, hour, counted),
        uncounted(ports, organization, counted, hour),
    )?;
    let mut summary = Summary { active_users, ..Summary::default() };
    for part in parts.iter().flatten() {
        summary.day.merge(&part.tally);
    }
    summary.last_hour = recent.iter().map(|part| part.tally.total).sum();
    summary.day.merge(&rest);
    summary.last_hour += of_hour;
    Ok(summary)
}

/// Minutes, hours and minutes again from `from` to `until`.
fn spans(from: Timestamp, until: Timestamp) -> [(Period, Timestamp, Timestamp); 3] {
    let first = Period::Hour.start(from);
    let first_hour = if first == from { from } else { Period::Hour.next(first) };
    let (first_hour, last_hour) =
        (first_hour.min(until), Period::Hour.start(until).max(first_hour.min(until)));
    [
        (Period::Minute, from, first_hour),
        (Period::Hour, first_hour, last_hour),
        (Period::Minute, last_hour, until),
    ]
}

async fn read(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    period: Period,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Statistics>, StoreError> {
    if from >= until {
        return Ok(Vec::new());
    }
    ports.store.statistics(organization, period, from, until).await
}

/// What the log holds behind the watermark, and how much of it belongs to the last hour.
async fn uncounted(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    from: Timestamp,
    hour: Timestamp,
) -> Result<(Tally, u64), StoreError> {
    let (mut tally, mut of_hour) = (Tally::default(), 0);
    let mut counter = |at, one: Counted<'_>| {
        of_hour += u64::from(at >= hour);
        tally.count(one);
    };
    count(ports, organization, from, Timestamp::MAX, &mut counter).await?;
    Ok((tally, of_hour))
}
