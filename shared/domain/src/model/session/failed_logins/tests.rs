use proptest::prelude::*;

use super::*;
use crate::model::clock::from_millis;

const LIMITS: LoginLimits = LoginLimits {
    free_failures: 5,
    wait: SignedDuration::from_secs(5),
    longest_wait: SignedDuration::from_mins(15),
    lock_failures: 20,
    lock: SignedDuration::from_mins(15),
    longest_lock: SignedDuration::from_hours(30 * 24),
};

fn start() -> Timestamp {
    from_millis(1_800_000_000_000).unwrap()
}

fn network(n: u32) -> Source {
    Source::network(&Network::of(Some(&format!("10.0.{}.{}", n / 200, n % 200))))
}

fn device(n: u8) -> Source {
    Source::device(SessionId::from_bytes([n; 16]))
}

/// Twenty failures, each from another network.
fn locked(now: Timestamp) -> (FailedLogins, Vec<Timestamp>) {
    let (mut failed_logins, mut locks) = (FailedLogins::default(), Vec::new());
    for n in 0..20 {
        let (next, lock) = failed_logins.failed(&network(n), &LIMITS, now);
        locks.extend(lock);
        failed_logins = next;
    }
    (failed_logins, locks)
}

#[test]
fn five_failures_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour() {
    let (mut failed_logins, mut now) = (FailedLogins::default(), start());
    let mut waits = Vec::new();
    for _ in 0..16 {
        let wait = match failed_logins.admission(&network(1), &LIMITS, now) {
            Admission::Wait(wait) => wait.as_secs(),
            _ => 0,
        };
        waits.push(wait);
        now = after(now, SignedDuration::from_secs(wait));
        failed_logins = failed_logins.failed(&network(1), &LIMITS, now).0;
    }
    assert_eq!(waits, [0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
    assert_eq!(
        failed_logins.admission(&network(2), &LIMITS, now),
        Admission::Open,
        "another network does not wait"
    );
}

#[test]
fn twenty_failures_from_wherever_lock_with_an_end_and_a_known_device_is_let_in() {
    let now = start();
    let (failed_logins, locks) = locked(now);
    assert_eq!(locks, [after(now, SignedDuration::from_mins(15))]);
    assert_eq!(failed_logins.admission(&network(100), &LIMITS, now), Admission::Locked);
    assert_eq!(failed_logins.admission(&device(1), &LIMITS, now), Admission::Open);
    assert_eq!(
        failed_logins.admission(&network(100), &LIMITS, after(now, SignedDuration::from_mins(15))),
        Admission::Open
    );
}

#[test]
fn who_gets_in_takes_back_the_own_failures_and_leaves_waits_and_lock_of_strangers() {
    let now = start();
    let (failed_logins, _) = locked(now);
    let (failed_logins, _) = failed_logins.failed(&device(1), &LIMITS, now);
    let left = failed_logins.succeeded(&device(1)).unwrap();
    assert_eq!((left.failures, left.device_failures, left.is_locked(now)), (20, 0, true));
    assert_eq!(left.succeeded(&device(1)), None, "there is nothing left to take back");
    let mut waiting = FailedLogins::default();
    for source in [network(1), network(2)].iter().cycle().take(10) {
        waiting = waiting.failed(source, &LIMITS, now).0;
    }
    let left = waiting.succeeded(&network(2)).unwrap();
    assert_eq!(left.failures, 5);
    assert_eq!(
        left.admission(&network(1), &LIMITS, now),
        waiting.admission(&network(1), &LIMITS, now)
    );
    assert_eq!(left.admission(&network(2), &LIMITS, now), Admission::Open);
}

#[test]
fn devices_that_fail_twenty_times_are_strangers_whatever_strangers_do_and_however_long_they_wait() {
    let (mut failed_logins, mut now) = (FailedLogins::default(), start());
    for n in 0..20 {
        failed_logins = failed_logins.failed(&device(n % 2), &LIMITS, now).0;
        for stranger in 0..9 {
            failed_logins = failed_logins.failed(&network(stranger), &LIMITS, now).0;
        }
        now = after(now, SignedDuration::from_hours(25));
    }
    assert!(!failed_logins.trusts_devices());
    assert_eq!(failed_logins.admission(&device(1), &LIMITS, now), Admission::Locked);
    assert!(
        failed_logins.succeeded(&network(99)).unwrap().trusts_devices(),
        "until somebody gives the right password"
    );
}

proptest! {
    #[test]
    fn never_more_than_a_hundred_passwords_are_tried_in_a_month(
        networks in 1u32..400, devices in 0u8..3, pauses in proptest::collection::vec(0i64..7200,
            1..600),
    ) {
        let (mut failed_logins, mut now, mut tried) = (FailedLogins::default(), start(), 0);
        for (n, pause) in (0u32..).zip(pauses) {
            now = after(now, SignedDuration::from_secs(pause));
            let source = match u8::try_from(n % 4).unwrap() {
                one if one < devices => device(one),
                _ => network(n % networks),
            };
            match failed_logins.admission(&source, &LIMITS, now) {
                Admission::Wait(_) => continue,
                Admission::Open => tried += 1,
                Admission::Locked => {}
            }
            failed_logins = failed_logins.failed(&source, &LIMITS, now).0;
            prop_assert!(failed_logins.sources.len() <= SOURCES);
        }
        prop_assert!(tried <= MOST_BY_STRANGERS + MOST_BY_DEVICES, "{}", tried);
        prop_assert_eq!(failed_logins.total(), tried);
    }
}
