use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;

use super::count::busy_logs;
use crate::{
    model::{
        activity_stats::{Counted, EVERYTHING, Period, Tally},
        clock::Timestamp,
    },
    ports::{Crypto, Ports, Store, StoreError, Watermark},
};

/// So many organizations are read at once.
const AT_ONCE: usize = 8;

/// So many hours of organizations are made up for in a run at most.
const MOST_MADE_UP_FOR: usize = 100;

/// What a run did.
#[derive(Debug, Default)]
pub struct Aggregated {
    /// Activities that were counted.
    pub activities: u64,
    /// Periods that were written.
    pub periods: u64,
    /// Up to where minutes are counted now; seconds since 1970.
    pub watermark: i64,
    /// Organizations whose statistics could not be made, and why; the others went on.
    pub failed: Vec<(String, StoreError)>,
}

/// Makes the statistics of every period that closed by `time` and was not made yet.
///
/// Minutes are counted from the log. When an hour has closed, the last two hours are counted anew,
/// so that records that came late are in them; hours are folded from these minutes, and days from
/// hours. Whole items are written over: another run, at the same time, later, or after an outage of
/// any length, comes to the same numbers.
///
/// An organization whose log cannot be counted holds nobody up: its hour is marked, the others go
/// on, and a later run makes up for it.
pub async fn aggregate(
    ports: &Ports<impl Store, impl Crypto>,
    time: Timestamp,
) -> Result<Aggregated, StoreError> {
    let now = Period::Minute.start(time.min(ports.clock.now()));
    let before = ports.store.watermark().await?;
    let this_hour = Period::Hour.start(now);
    let from = match before {
        Some(before) if before.counted_to >= now => {
            let watermark = before.counted_to.as_second();
            return Ok(Aggregated { watermark, ..Aggregated::default() });
        }
        Some(before) => before.counted_to,
        None => Timestamp::UNIX_EPOCH,
    };
    // Where hours were not noted yet, they are from the second full hour on: functions of before
    // may be at work until then.
    let noted_from = match before {
        Some(before) => {
            before.noted_from.unwrap_or(Period::Hour.next(Period::Hour.next(this_hour)))
        }
        None => Timestamp::UNIX_EPOCH,
    };
    let has_closed = Period::Hour.start(from) < this_hour;
    // The hours that closed since, and the one before them once more.
    let first_hour = match before {
        _ if !has_closed => this_hour,
        Some(_) => Period::Hour.previous(Period::Hour.start(from)),
        None => from,
    };
    let mut busy = busy_logs(ports, first_hour, now, noted_from).await?;
    let open = busy.remove(&this_hour).unwrap_or_default();
    let mut run = Run { ports, done: Aggregated::default(), noted_from };
    // The day of the watermark may have closed without another activity.
    let mut days: BTreeSet<Timestamp> =
        before.map(|before| Period::Day.start(before.counted_to)).into_iter().collect();
    if has_closed {
        days.extend(run.make_up().await?);
    }
    for (hour, logs) in &busy {
        run.hour(*hour, logs).await?;
        days.insert(Period::Day.start(*hour));
    }
    for day in days.into_iter().filter(|day| Period::Day.next(*day) <= now) {
        run.day(day).await?;
    }
    let from = from.max(this_hour);
    if from < now {
        run.count(&open, from, now, None).await?;
    }
    let watermark = Watermark { counted_to: now, noted_from: Some(noted_from) };
    ports.store.move_watermark(watermark).await?;
    Ok(Aggregated { watermark: now.as_second(), ..run.done })
}

/// A run at work.
struct Run<'a, S, C> {
    ports: &'a Ports<S, C>,
    done: Aggregated,
    noted_from: Timestamp,
}

type Minutes = BTreeMap<Timestamp, Tally>;

impl<S: Store, C: Crypto> Run<'_, S, C> {
    /// Counts the minutes of a time anew, a log at a time, and writes those in which something
    /// happened; with `hour` also the hour that they are.
    async fn count(
        &mut self,
        logs: &BTreeSet<String>,
        from: Timestamp,
        until: Timestamp,
        hour: Option<Timestamp>,
    ) -> Result<BTreeSet<String>, StoreError> {
        let (mut everything, mut failed) = (Minutes::new(), BTreeSet::new());
        for some in Vec::from_iter(logs).chunks(AT_ONCE) {
            let parts = join_all(some.iter().map(|one| self.counted(one, from, until))).await;
            for (&organization, minutes) in some.iter().zip(parts) {
                let made = match minutes {
                    Ok(minutes) => {
                        for (minute, tally) in &minutes {
                            everything.entry(*minute).or_default().merge(tally);
                            self.done.activities += tally.total;
                        }
                        self.put_all(organization, minutes, hour).await
                    }
                    Err(error) => Err(error),
                };
                if self.settle(organization, hour, made).await? {
                    failed.insert(organization.clone());
                }
            }
        }
        let made = self.put_all(EVERYTHING, everything, hour).await;
        if self.settle(EVERYTHING, hour, made).await? {
            failed.insert(EVERYTHING.to_owned());
        }
        Ok(failed)
    }

    async fn counted(
        &self,
        organization: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Minutes, StoreError> {
        let mut minutes = Minutes::new();
        let mut count =
            |at, one: Counted<'_>| minutes.entry(Period::Minute.start(at)).or_default().count(one);
        self.ports.store.count_activities(organization, from, until, &mut count).await?;
        Ok(minutes)
    }

    /// Writes an organization's minutes, and folds the hour that they are.
    async fn put_all(
        &mut self,
        organization: &str,
        minutes: Minutes,
        hour: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        if let (Some(hour), false) = (hour, minutes.is_empty()) {
            self.put(organization, Period::Hour, hour, folded(minutes.values())).await?;
        }
        for (minute, tally) in minutes {
            self.put(organization, Period::Minute, minute, tally).await?;
        }
        Ok(())
    }

    /// Counts the minutes of an hour anew and folds them; answers whose could not be made.
    async fn hour(
        &mut self,
        start: Timestamp,
        logs: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, StoreError> {
        self.count(logs, start, Period::Hour.next(start), Some(start)).await
    }

    /// The logs in which something happened in a time.
    async fn busy(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<BTreeSet<String>, StoreError> {
        let busy = busy_logs(self.ports, from, until, self.noted_from).await?;
        Ok(busy.into_values().flatten().collect())
    }

    /// Folds a day from its hours.
    async fn day(&mut self, start: Timestamp) -> Result<(), StoreError> {
        let last_hour = Period::Hour.previous(Period::Day.next(start));
        let mut logs = self.busy(start, Period::Day.next(start)).await?;
        logs.insert(EVERYTHING.to_owned());
        for organization in &logs {
            let made = self.day_of(organization, start).await;
            self.settle(organization, Some(last_hour), made).await?;
        }
        Ok(())
    }

    async fn day_of(&mut self, organization: &str, start: Timestamp) -> Result<(), StoreError> {
        let (store, until) = (&self.ports.store, Period::Day.next(start));
        let hours = store.whole_statistics(organization, Period::Hour, start, until).await?;
        if hours.is_empty() {
            return Ok(());
        }
        let day = folded(hours.iter().map(|(_, tally)| tally));
        self.put(organization, Period::Day, start, day).await
    }

    /// Makes hours anew in which an organization could not be counted, as soon as it can; answers
    /// their days.
    async fn make_up(&mut self) -> Result<Vec<Timestamp>, StoreError> {
        let mut hours = BTreeMap::<Timestamp, Vec<String>>::new();
        for (hour, organization) in self.ports.store.behind(MOST_MADE_UP_FOR).await? {
            hours.entry(hour).or_default().push(organization);
        }
        let mut days = Vec::new();
        for (hour, behind) in hours {
            let end = Period::Hour.next(hour);
            let looks = behind.iter().filter(|one| *one != EVERYTHING);
            let looks = looks.map(|one| self.counted(one, hour, end));
            let still = join_all(looks).await.iter().filter(|look| look.is_err()).count();
            if still == behind.len() {
                continue;
            }
            let mut logs = self.busy(hour, end).await?;
            logs.extend(behind.iter().filter(|one| *one != EVERYTHING).cloned());
            let failed = self.hour(hour, &logs).await?;
            for organization in behind.iter().filter(|one| !failed.contains(*one)) {
                self.ports.store.no_longer_behind(organization, hour).await?;
            }
            days.push(Period::Day.start(hour));
        }
        Ok(days)
    }

    /// Goes on after a failure, which is told, and marked where an hour is not made; whether it was
    /// one. The store itself being away stops the run: then nothing can be marked.
    async fn settle(
        &mut self,
        organization: &str,
        hour: Option<Timestamp>,
        made: Result<(), StoreError>,
    ) -> Result<bool, StoreError> {
        let Err(error) = made else {
            return Ok(false);
        };
        if let Some(hour) = hour {
            self.ports.store.mark_behind(organization, hour).await?;
        }
        self.done.failed.push((organization.to_owned(), error));
        Ok(true)
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
