use std::collections::BTreeMap;

use futures::future::try_join_all;

use super::count::logs;
use crate::{
    model::{
        activity_stats::{Counted, EVERYTHING, Period, Tally},
        clock::Timestamp,
    },
    ports::{Crypto, Ports, Store, StoreError},
};

/// So many organizations are read at once.
const AT_ONCE: usize = 8;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Aggregated {
    /// Activities that were counted.
    pub activities: u64,
    /// Periods that were written.
    pub periods: u64,
    /// Up to where minutes are counted now; seconds since 1970.
    pub watermark: i64,
}

/// Makes the statistics of every period that closed by `time` and was not made yet.
///
/// Minutes are counted from the log. When an hour has closed, the last two hours are counted anew,
/// so that records that came late are in them; hours are folded from these minutes, and days from
/// hours. Whole items are written over: another run, at the same time, later, or after an outage of
/// any length, comes to the same numbers.
pub async fn aggregate(
    ports: &Ports<impl Store, impl Crypto>,
    time: Timestamp,
) -> Result<Aggregated, StoreError> {
    let now = Period::Minute.start(time.min(ports.clock.now()));
    let before = ports.store.watermark().await?;
    let mut run =
        Run { ports, done: Aggregated::default(), organizations: logs(ports, EVERYTHING).await? };
    let this_hour = Period::Hour.start(now);
    let from = match before {
        Some(before) if before >= now => {
            return Ok(Aggregated { watermark: before.as_second(), ..run.done });
        }
        Some(before) => before,
        None => Timestamp::UNIX_EPOCH,
    };
    // The hours that closed since, and the one before them once more.
    let mut hour = match before {
        Some(_) => Period::Hour.previous(Period::Hour.start(from)),
        None => Period::Hour.start(from),
    };
    let has_closed = Period::Hour.start(from) < this_hour;
    // The day of the watermark may have closed without another activity.
    let mut days: Vec<Timestamp> =
        before.map(|before| Period::Day.start(before)).into_iter().collect();
    while has_closed && hour < this_hour {
        let Some(first) = run.first(hour, this_hour).await? else {
            break;
        };
        hour = Period::Hour.start(first);
        run.hour(hour).await?;
        days.push(Period::Day.start(hour));
        hour = Period::Hour.next(hour);
    }
    days.sort_unstable();
    days.dedup();
    for day in days.into_iter().filter(|day| Period::Day.next(*day) <= now) {
        run.day(day).await?;
    }
    let from = from.max(this_hour);
    if from < now {
        run.minutes(from, now).await?;
    }
    ports.store.move_watermark(now).await?;
    Ok(Aggregated { watermark: now.as_second(), ..run.done })
}

/// A run at work.
struct Run<'a, S, C> {
    ports: &'a Ports<S, C>,
    done: Aggregated,
    organizations: Vec<String>,
}

type Minutes = BTreeMap<Timestamp, Tally>;

impl<S: Store, C: Crypto> Run<'_, S, C> {
    /// When anybody's first activity of a time was: hours in which nothing happened cost nothing.
    async fn first(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let mut first = None;
        for some in self.organizations.chunks(AT_ONCE) {
            let found = try_join_all(
                some.iter().map(|one| self.ports.store.first_activity(one, from, until)),
            )
            .await?;
            first = found.into_iter().flatten().chain(first).min();
        }
        Ok(first)
    }

    /// Counts the minutes of a time anew, writes those in which something happened, and answers
    /// them by organization.
    async fn minutes(
        &mut self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(String, Minutes)>, StoreError> {
        let (mut everybodys, mut everything) = (Vec::new(), Minutes::new());
        for some in self.organizations.clone().chunks(AT_ONCE) {
            for (organization, minutes) in
                try_join_all(some.iter().map(|one| self.counted(one, from, until))).await?
            {
                for (minute, tally) in &minutes {
                    everything.entry(*minute).or_default().merge(tally);
                    self.done.activities += tally.total;
                }
                everybodys.push((organization, minutes));
            }
        }
        everybodys.push((EVERYTHING.to_owned(), everything));
        everybodys.retain(|(_, minutes)| !minutes.is_empty());
        for (organization, minutes) in &everybodys {
            for (minute, tally) in minutes {
                self.put(organization, Period::Minute, *minute, tally.clone()).await?;
            }
        }
        Ok(everybodys)
    }

    async fn counted(
        &self,
        organization: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<(String, Minutes), StoreError> {
        let mut minutes = Minutes::new();
        let mut count =
            |at, one: Counted<'_>| minutes.entry(Period::Minute.start(at)).or_default().count(one);
        self.ports.store.count_activities(organization, from, until, &mut count).await?;
        Ok((organization.to_owned(), minutes))
    }

    /// Counts the minutes of an hour anew and folds them.
    async fn hour(&mut self, start: Timestamp) -> Result<(), StoreError> {
        for (organization, minutes) in self.minutes(start, Period::Hour.next(start)).await? {
            self.put(&organization, Period::Hour, start, folded(minutes.values())).await?;
        }
        Ok(())
    }

    /// Folds a day from its hours.
    async fn day(&mut self, start: Timestamp) -> Result<(), StoreError> {
        let everything = [EVERYTHING.to_owned()];
        for organization in self.organizations.clone().iter().chain(&everything) {
            let hours = self
                .ports
                .store
                .whole_statistics(organization, Period::Hour, start, Period::Day.next(start))
                .await?;
            if !hours.is_empty() {
                self.put(
                    organization,
                    Period::Day,
                    start,
                    folded(hours.iter().map(|(_, tally)| tally)),
                )
                .await?;
            }
        }
        Ok(())
    }

    async fn put(
        &mut self,
        organization: &str,
        period: Period,
        start: Timestamp,
        tally: Tally,
    ) -> Result<(), StoreError> {
        self.done.periods += 1;
        self.ports.store.put_statistics(organization, period, start, &tally.kept()).await
    }
}

fn folded<'a>(parts: impl Iterator<Item = &'a Tally>) -> Tally {
    let mut whole = Tally::default();
    parts.for_each(|part| whole.merge(part));
    whole
}
