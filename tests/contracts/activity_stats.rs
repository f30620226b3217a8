use std::sync::Arc;

use rolecall_domain::{
    activity::{Activity, Category, Event, Severity, What},
    activity_stats::{Counted, Period, Tally, Users},
    clock::{Clock, SignedDuration, SystemClock, Timestamp, after},
    ids::{Id, UserId},
    meter::Meter,
    organization::LogKey,
    ports::{ActivityStatsStore, ActivityStore, Watermark},
    rng::SystemRng,
};

use super::{id, now, record, table};
use crate::support::{Json, items, size_of};

/// A clock that stands.
struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn activity_at(at: Timestamp, event: Event) -> Activity {
    let what: What = event.into();
    Activity {
        id: Id::new(&At(at), &SystemRng),
        organization: Some(LogKey::from_stored("ACME")),
        what,
        actor: Some(id::<rolecall_domain::ids::UserKind>().into()),
        ..record()
    }
}

fn tally_of(users: u64) -> Tally {
    let all = (0..users).map(|n| (id::<rolecall_domain::ids::UserKind>() as UserId, n + 1));
    let mut tally = Tally { users: Users::new(all, None), ..Tally::default() };
    let activity = record();
    tally.count(Counted::from(&activity));
    tally
}

#[tokio::test]
async fn the_watermark_goes_forward_and_never_back() {
    let (_app, store) = table().await;
    assert_eq!(store.watermark().await.unwrap(), None);
    let hour = Period::Hour.start(now());
    for (to, is) in [
        (hour, hour),
        (Period::Hour.previous(hour), hour),
        (Period::Hour.next(hour), Period::Hour.next(hour)),
    ] {
        let at = |counted_to| Watermark { counted_to, noted_from: Some(hour) };
        store.move_watermark(at(to)).await.unwrap();
        assert_eq!(store.watermark().await.unwrap(), Some(at(is)));
    }
}

#[tokio::test]
async fn hours_that_could_not_be_made_are_noted_once_and_read_oldest_first() {
    let (_app, store) = table().await;
    let hour = Period::Hour.start(now());
    let before = Period::Hour.previous(hour);
    for (organization, at) in [("B#1", hour), ("A", hour), ("*", before), ("A", hour)] {
        store.mark_behind(organization, at).await.unwrap();
    }
    let of = |organization: &str, at| (at, organization.to_owned());
    let all = [of("*", before), of("A", hour), of("B#1", hour)];
    assert_eq!(store.behind(9).await.unwrap(), all);
    assert_eq!(store.behind(1).await.unwrap(), all[..1]);
    for _ in 0..2 {
        store.no_longer_behind("A", hour).await.unwrap();
    }
    assert_eq!(store.behind(9).await.unwrap(), [of("*", before), of("B#1", hour)]);
    assert_eq!(store.watermark().await.unwrap(), None, "they are no watermark");
}

#[tokio::test]
async fn what_was_put_is_read_as_it_was_with_few_and_with_many_users() {
    let (_app, store) = table().await;
    let start = Period::Hour.start(now());
    let whole = async |period| {
        store.whole_statistics("ACME", period, start, period.next(start)).await.unwrap()
    };
    for users in [0, 1, 16, 17, 500] {
        let tally = tally_of(users);
        for _ in 0..2 {
            store.put_statistics("ACME", Period::Hour, start, &tally).await.unwrap();
        }
        assert_eq!(whole(Period::Hour).await, [(start, tally.clone())], "{users}");
        let short =
            store.statistics("ACME", Period::Hour, start, Period::Hour.next(start)).await.unwrap();
        assert_eq!(
            (short.len(), short[0].unique, short[0].top.clone()),
            (1, users, tally.users.top(10))
        );
    }
    let many = tally_of(10_050).kept();
    store.put_statistics("ACME", Period::Hour, start, &many).await.unwrap();
    assert_eq!(whole(Period::Hour).await, [(start, many)], "more than are counted exactly");
    assert!(whole(Period::Minute).await.is_empty());
    assert!(
        store
            .whole_statistics("OTHER", Period::Hour, start, Period::Hour.next(start))
            .await
            .unwrap()
            .is_empty()
    );
    for (from, until) in
        [(Period::Hour.previous(start), start), (start, start), (Period::Hour.next(start), start)]
    {
        assert!(store.statistics("ACME", Period::Hour, from, until).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn statistics_at_every_cap_are_items() {
    let (app, store) = table().await;
    let start = Period::Hour.start(now());
    let mut tally = tally_of(10_050);
    for n in 0..2000 {
        let name = format!("{:x<64}", format!("t{n:05}"));
        let one = Counted {
            activity_type: &name,
            category: Category::ALL[n % Category::ALL.len()],
            severity: Severity::ALL[n % Severity::ALL.len()],
            success: true,
            actor: None,
            micros: None,
        };
        tally.count(one);
    }
    store.put_statistics("ACME", Period::Hour, start, &tally.kept()).await.unwrap();
    let all = items(&app).await;
    let of = |entity: &str| all.iter().find(|item| item["entity"]["S"] == entity).unwrap();
    let (statistics, users) = (of("statistics"), of("statistics users"));
    let count = |name: &str| statistics[name]["M"].as_object().unwrap().len();
    assert_eq!(
        (count("types"), count("categories"), count("severities")),
        (100, Category::ALL.len(), Severity::ALL.len())
    );
    assert_eq!(statistics.list_of("top/L").len(), 10);
    assert!(size_of(statistics) < 16 * 1024, "{}", size_of(statistics));
    assert_eq!(users.text_of("users/S").len(), 10_000 * 24 / 3 * 4);
    assert_eq!(users.text_of("registers/S").len(), 5462);
    assert!(size_of(users) < 330 * 1024, "{}", size_of(users));
}

#[tokio::test]
async fn every_activity_of_a_time_is_counted_once_for_a_twentieth_of_a_unit() {
    let (app, store) = table().await;
    let hour = Period::Hour.previous(Period::Hour.start(SystemClock.now()));
    let total = if crate::support::options().dynamodb_endpoint.is_some() { 1000 } else { 5000 };
    let mut all = Vec::new();
    for n in 0..total {
        let at = after(hour, SignedDuration::from_millis(n * 3_600_000 / total));
        all.push(activity_at(at, if n % 3 == 0 { Event::LoginFail } else { Event::LoginSuccess }));
    }
    for some in all.chunks(25) {
        assert!(store.record_all(&some.iter().collect::<Vec<_>>()).await.unwrap().is_empty());
    }
    for outside in [hour - SignedDuration::from_millis(1), Period::Hour.next(hour)] {
        store.record(&activity_at(outside, Event::LoginFail)).await.unwrap();
    }
    let meter = Arc::new(Meter::default());
    let (mut counted, mut failures) = (0, 0);
    let mut counter = |at: Timestamp, one: Counted<'_>| {
        assert!(at >= hour && at < Period::Hour.next(hour));
        counted += 1;
        failures += u32::from(!one.success);
    };
    store
        .metered(Arc::clone(&meter))
        .count_activities("ACME", hour, Period::Hour.next(hour), &mut counter)
        .await
        .unwrap();
    assert_eq!((counted, i64::from(failures)), (total, (total + 2) / 3));
    let cost = meter.cost();
    let least = u32::try_from(total).unwrap();
    assert!(cost.read_units <= 0.05 * f64::from(least), "{cost:?}");
    drop(app);
}

#[tokio::test]
async fn an_hour_of_a_log_is_noted_once_and_read_with_those_beside_it() {
    let (_app, store) = table().await;
    let hour = Period::Hour.start(now());
    let later = Period::Hour.next(hour);
    let other = Activity {
        organization: Some(LogKey::from_stored("A#B%")),
        ..activity_at(hour, Event::LoginFail)
    };
    let acme = |at| activity_at(at, Event::LoginFail);
    for (activity, is_news) in
        [(&acme(hour), true), (&acme(hour), false), (&other, true), (&acme(later), true)]
    {
        assert_eq!(store.note_hour(activity).await.unwrap(), is_news);
    }
    let hours = async |from, until| store.log_hours(from, until).await.unwrap();
    let at = |hour, log: &str| (hour, log.to_owned());
    assert_eq!(hours(hour, later).await, [at(hour, "A#B%"), at(hour, "ACME")]);
    assert_eq!(
        hours(hour, Timestamp::MAX).await,
        [at(hour, "A#B%"), at(hour, "ACME"), at(later, "ACME")]
    );
    assert_eq!(hours(Period::Hour.next(later), Timestamp::MAX).await, []);
}
