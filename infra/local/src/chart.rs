//! The last 24 hours of the log as a picture, made here: no script, nothing from elsewhere.

use askama::Template;
use functions::Ports;
use rolecall_domain::{
    activity_stats::{self, Counted, EVERYTHING, Period},
    clock::{SignedDuration, Timestamp, rfc3339},
    ports::{ActivityStatsStore, StoreError},
};

/// Hours that are shown, the running one included.
const HOURS: usize = 24;

/// An hour of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Hour {
    worked: u64,
    failed: u64,
}

/// A column of the picture; numbers are its own units.
struct Column {
    x: usize,
    worked_y: usize,
    worked_height: usize,
    failed_y: usize,
    failed_height: usize,
    /// The hour of the day, at every third column.
    label: Option<String>,
    title: String,
}

#[derive(Template)]
#[template(path = "chart.html")]
pub(crate) struct Chart {
    columns: Vec<Column>,
    most: u64,
    total: u64,
    failed: u64,
}

const WIDTH: usize = 28;
const HEIGHT: usize = 140;
const TOP: usize = 16;

/// What everybody did in the last 24 hours: whole hours from their statistics, and what was not
/// counted yet from the logs.
pub(crate) async fn last_hours(ports: &Ports) -> Result<Vec<(Timestamp, Hour)>, StoreError> {
    let now = ports.clock.now();
    let this = Period::Hour.start(now);
    let back = |hours: usize| {
        this.checked_sub(SignedDuration::from_hours(i64::try_from(hours).unwrap_or_default()))
    };
    let starts: Vec<Timestamp> = (0..HOURS).rev().filter_map(|hours| back(hours).ok()).collect();
    let Some(first) = starts.first().copied() else {
        return Ok(Vec::new());
    };
    let counted = ports
        .store
        .watermark()
        .await?
        .map_or(first, |at| Period::Hour.start(at.counted_to))
        .clamp(first, this);
    let mut hours = vec![Hour::default(); starts.len()];
    let place = |at: Timestamp| starts.iter().position(|start| *start == Period::Hour.start(at));
    for one in ports.store.statistics(EVERYTHING, Period::Hour, first, counted).await? {
        if let Some(hour) = place(one.start).and_then(|place| hours.get_mut(place)) {
            *hour =
                Hour { worked: one.tally.successes, failed: one.tally.total - one.tally.successes };
        }
    }
    let mut counter = |at: Timestamp, one: Counted<'_>| {
        if let Some(hour) = place(at).and_then(|place| hours.get_mut(place)) {
            *(if one.success { &mut hour.worked } else { &mut hour.failed }) += 1;
        }
    };
    activity_stats::count(ports, EVERYTHING, counted, Timestamp::MAX, &mut counter).await?;
    Ok(starts.into_iter().zip(hours).collect())
}

impl Chart {
    pub(crate) fn new(hours: &[(Timestamp, Hour)]) -> Self {
        let most = hours
            .iter()
            .map(|(_, hour)| hour.worked + hour.failed)
            .max()
            .unwrap_or_default()
            .max(1);
        let height = |count: u64| {
            // What there is is seen, however little.
            let height = usize::try_from(count * HEIGHT as u64 / most).unwrap_or(HEIGHT);
            if count > 0 { height.max(2) } else { 0 }
        };
        let column = |(place, (start, hour)): (usize, &(Timestamp, Hour))| {
            let (worked, failed) = (height(hour.worked), height(hour.failed));
            let time = rfc3339(*start);
            let clock = time.get(11..13).unwrap_or_default().to_owned();
            Column {
                x: place * WIDTH,
                worked_y: TOP + HEIGHT - worked,
                worked_height: worked,
                failed_y: (TOP + HEIGHT - worked).saturating_sub(failed),
                failed_height: failed,
                label: (place % 3 == 2).then(|| clock.clone()),
                title: format!("{clock}:00 UTC: {} worked, {} failed", hour.worked, hour.failed),
            }
        };
        Self {
            columns: hours.iter().enumerate().map(column).collect(),
            most,
            total: hours.iter().map(|(_, hour)| hour.worked + hour.failed).sum(),
            failed: hours.iter().map(|(_, hour)| hour.failed).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hour_has_its_column_and_what_there_is_is_seen() {
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        let hours = [
            (at(0), Hour::default()),
            (at(1), Hour { worked: 1000, failed: 1 }),
            (at(2), Hour { worked: 0, failed: 7 }),
        ];
        let html = Chart::new(&hours).render().unwrap();
        assert_eq!(html.matches("<title>").count(), 4, "one of the whole, one an hour");
        assert!(
            html.contains("01:00 UTC: 1000 worked, 1 failed")
                && html.contains("1008 activities, 8 of them failures"),
            "{html}"
        );
        let columns = Chart::new(&hours).columns;
        assert_eq!(
            columns.iter().map(|one| (one.worked_height, one.failed_height)).collect::<Vec<_>>(),
            [(0, 0), (139, 2), (0, 2)]
        );
        assert!(Chart::new(&[]).render().unwrap().contains("0 activities"));
    }
}
