use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;

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
        Some(before) if before >= now => {
            return Ok(Aggregated { watermark: before.as_second(), ..Aggregated::default() });
        }
        Some(before) => before,
        None => Timestamp::UNIX_EPOCH,
    };
    let mut run =
        Run { ports, done: Aggregated::default(), organizations: logs(ports, EVERYTHING).await? };
    // The hours that closed since, and the one before them once more.
    let mut hour = match before {
        Some(_) => Period::Hour.previous(Period::Hour.start(from)),
        None => Period::Hour.start(from),
    };
    let has_closed = Period::Hour.start(from) < this_hour;
    // The day of the watermark may have closed without another activity.
    let mut days: BTreeSet<Timestamp> =
        before.map(|before| Period::Day.start(before)).into_iter().collect();
    if has_closed {
        days.extend(run.make_up().await?);
    }
    while has_closed && hour < this_hour {
        let Some(first) = run.first(hour, this_hour, before.is_some()).await else {
            break;
        };
        hour = Period::Hour.start(first);
        run.hour(hour).await?;
        days.insert(Period::Day.start(hour));
        hour = Period::Hour.next(hour);
    }
    for day in days.into_iter().filter(|day| Period::Day.next(*day) <= now) {
        run.day(day).await?;
    }
    let from = from.max(this_hour);
    if from < now {
        run.count(from, now, None).await?;
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
    /// Where a log does not tell, nothing is passed over, as far as there were runs before.
    async fn first(
        &self,
        from: Timestamp,
        until: Timestamp,
        is_later_run: bool,
    ) -> Option<Timestamp> {
        let mut first = None;
        for some in self.organizations.chunks(AT_ONCE) {
            let found =
                join_all(some.iter().map(|one| self.ports.store.first_activity(one, from, until)));
            let found = found.await.into_iter();
            let times = found.filter_map(|at| at.unwrap_or(is_later_run.then_some(from)));
            first = times.chain(first).min();
        }
        first
    }

    /// Counts the minutes of a time anew, an organization at a time, and writes those in which
    /// something happened; with `hour` also the hour that they are.
    async fn count(
        &mut self,
        from: Timestamp,
        until: Timestamp,
        hour: Option<Timestamp>,
    ) -> Result<BTreeSet<String>, StoreError> {
        let (mut everything, mut failed) = (Minutes::new(), BTreeSet::new());
        for some in self.organizations.clone().chunks(AT_ONCE) {
            let parts = join_all(some.iter().map(|one| self.counted(one, from, until))).await;
            for (organization, minutes) in some.iter().zip(parts) {
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
    async fn hour(&mut self, start: Timestamp) -> Result<BTreeSet<String>, StoreError> {
        self.count(start, Period::Hour.next(start), Some(start)).await
    }

    /// Folds a day from its hours.
    async fn day(&mut self, start: Timestamp) -> Result<(), StoreError> {
        let last_hour = Period::Hour.previous(Period::Day.next(start));
        let everything = [EVERYTHING.to_owned()];
        for organization in self.organizations.clone().iter().chain(&everything) {
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
            let is_known = |one: &String| self.organizations.contains(one);
            let looks = behind.iter().filter(|one| is_known(one));
            let looks = looks.map(|one| self.counted(one, hour, Period::Hour.next(hour)));
            let still = join_all(looks).await.iter().filter(|look| look.is_err()).count();
            if still == behind.len() {
                continue;
            }
            let failed = self.hour(hour).await?;
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
