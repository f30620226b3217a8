use proptest::prelude::*;

use super::*;
use crate::model::{
    clock::{Timestamp, from_millis},
    event::{Category, Severity},
    ids::UserId,
};

/// One activity of a small world.
#[derive(Debug, Clone)]
struct One {
    at: i64,
    kind: u8,
    user: Option<u8>,
    success: bool,
    micros: Option<u64>,
}

const TYPES: [&str; 4] = ["api_request", "a", "b", "c"];

impl One {
    fn counted(&self) -> Counted<'_> {
        Counted {
            activity_type: TYPES[usize::from(self.kind % 4)],
            category: Category::ALL[usize::from(self.kind % 9)],
            severity: Severity::ALL[usize::from(self.kind % 5)],
            success: self.success,
            actor: self.user.map(|user| UserId::from_bytes([user; 16])),
            micros: self.micros,
        }
    }
}

fn activities() -> impl Strategy<Value = Vec<One>> {
    let one = (
        0..3 * 86_400_000_i64,
        any::<u8>(),
        prop::option::of(0..9u8),
        any::<bool>(),
        prop::option::of(0..1_000_000u64),
    );
    prop::collection::vec(
        one.prop_map(|(at, kind, user, success, micros)| One { at, kind, user, success, micros }),
        0..200,
    )
}

fn tally<'a>(all: impl IntoIterator<Item = &'a One>) -> Tally {
    let mut tally = Tally::default();
    all.into_iter().for_each(|one| tally.count(one.counted()));
    tally
}

fn merged<'a>(parts: impl IntoIterator<Item = &'a Tally>) -> Tally {
    let mut whole = Tally::default();
    parts.into_iter().for_each(|part| whole.merge(part));
    whole.kept()
}

/// Tallies of the periods of one length, counted one by one.
fn by(period: Period, all: &[One]) -> std::collections::BTreeMap<Timestamp, Tally> {
    let mut tallies = std::collections::BTreeMap::<Timestamp, Tally>::new();
    for one in all {
        tallies.entry(period.start(from_millis(one.at).unwrap())).or_default().count(one.counted());
    }
    tallies
}

proptest! {
    #[test]
    fn any_order_and_any_split_come_to_the_same(all in activities(),
        at in any::<prop::sample::Index>(), seed in any::<u64>()) {
        let whole = tally(&all);
        let mut other = all.clone();
        other.sort_by_key(|one| (one.at.unsigned_abs() ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let cut = at.index(all.len() + 1);
        let parts = [tally(&other[..cut]), tally(&other[cut..])];
        prop_assert_eq!(&merged(&parts), &whole.clone().kept());
        prop_assert_eq!(merged(parts.iter().rev()), whole.kept());
    }

    #[test]
    fn a_day_is_its_hours_is_its_minutes_is_a_recount(all in activities()) {
        let (minutes, hours, days) = (by(Period::Minute, &all), by(Period::Hour, &all),
            by(Period::Day, &all));
        for (longer, shorter, parts) in [(Period::Hour, &minutes, &hours), (Period::Day, &hours,
            &days)] {
            for (start, recount) in parts {
                let own = shorter.range(*start..longer.next(*start)).map(|(_, tally)| tally);
                prop_assert_eq!(merged(own), recount.clone().kept());
            }
        }
    }

    #[test]
    fn periods_follow_one_another(at in 0..4_000_000_000_000_i64) {
        let at = from_millis(at).unwrap();
        for period in Period::ALL {
            let start = period.start(at);
            prop_assert!(start <= at && at < period.next(start));
            prop_assert_eq!(period.start(start), start);
            prop_assert_eq!(period.previous(period.next(start)), start);
        }
    }
}

fn user(n: u64) -> UserId {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    UserId::from_bytes(bytes)
}

fn users(range: std::ops::Range<u64>) -> Users {
    let mut users = Users::default();
    range.for_each(|n| users.count(user(n)));
    users
}

#[test]
fn ten_thousand_users_are_counted_exactly_and_more_of_them_nearly() {
    assert_eq!(users(0..10_000).kept().unique(), 10_000);
    let many = users(0..50_000).kept();
    let estimate = many.unique();
    assert!((47_000..53_000).contains(&estimate), "{estimate}");
    assert_eq!(many.parts().0.len(), 10_000, "an item holds no more");
    let mut halves = users(0..30_000).kept();
    halves.merge(&users(20_000..50_000).kept());
    assert_eq!(halves.unique(), estimate, "parts that overlap come to the same");
    let mut other = users(20_000..50_000).kept();
    other.merge(&users(0..30_000).kept());
    assert_eq!(other.kept().unique(), estimate);
}

#[test]
fn who_did_most_comes_first_and_of_equals_who_came_first() {
    let mut all = users(0..20);
    (0..3).for_each(|_| all.count(user(7)));
    all.count(user(3));
    let top = all.top(3);
    assert_eq!(top, [(user(7), 4), (user(3), 2), (user(0), 1)]);
    let mut none = Tally::default();
    assert!((none.success_rate() - 100.0).abs() < f64::EPSILON && none.average_millis().is_none());
    let one = One { at: 0, kind: 0, user: None, success: false, micros: Some(1500) };
    none.count(one.counted());
    assert_eq!(
        (none.success_rate(), none.average_millis(), none.api_requests),
        (0.0, Some(1.5), 1)
    );
}

fn types(counts: impl IntoIterator<Item = (u64, u64)>) -> Types {
    let mut types = Types::default();
    for (n, count) in counts {
        (0..count).for_each(|_| types.count(&format!("type_{n:05}")));
    }
    types
}

fn sum(types: &Types) -> u64 {
    types.other() + types.iter().map(|(_, count)| count).sum::<u64>()
}

#[test]
fn of_very_many_types_the_largest_are_kept_and_the_rest_is_one_number() {
    let hostile = types((0..7000).map(|n| (n, 1)).chain([(7000, 500), (7001, 400)]));
    assert!(hostile.iter().count() <= 1000, "memory has a bound");
    let kept = hostile.kept();
    assert_eq!((kept.iter().count(), sum(&kept)), (MOST_TYPES, 7900));
    assert_eq!(kept.top(2), [("type_07000", 500), ("type_07001", 400)]);
    let mut day = Types::default();
    (0..24).for_each(|_| day.merge(&kept));
    assert_eq!(sum(&day.kept()), 24 * 7900);
}

proptest! {
    #[test]
    fn no_activity_is_lost_whatever_types_there_are(
        counts in prop::collection::vec((0u64..3000, 1u64..4), 0..1500), cut in 0usize..1500) {
        let all: u64 = counts.iter().map(|(_, count)| count).sum();
        let whole = types(counts.iter().copied());
        let (one, other) = counts.split_at(cut.min(counts.len()));
        let mut merged = types(one.iter().copied()).kept();
        merged.merge(&types(other.iter().copied()).kept());
        for types in [whole.clone(), whole.kept(), merged.clone(), merged.kept()] {
            prop_assert_eq!(sum(&types), all);
        }
    }
}
