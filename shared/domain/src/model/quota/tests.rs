use proptest::prelude::*;

use super::*;
use crate::model::clock::from_millis;

fn key(user: u8) -> (Quota, UserId) {
    (Quota::Activities, UserId::from_bytes([user; 16]))
}

fn at(millis: i64) -> Timestamp {
    from_millis(1_800_000_000_000 + millis).unwrap()
}

proptest! {
    #[test]
    fn one_process_lets_exactly_the_quota_through_and_tells_each_once(
        most in 25u32..2000, steps in prop::collection::vec(1u32..26, 0..400)) {
        let (quotas, mut granted, mut told, mut reports) = (Quotas::default(), 0, 0, 0);
        for more in steps {
            match quotas.spend(key(1), more, most, at(5)) {
                Ok(report) => {
                    granted += more;
                    if let Some(report) = report {
                        told += report.more;
                        reports += 1;
                        quotas.learn(&report, told);
                    }
                }
                Err(spent) => {
                    prop_assert!(granted + more > most);
                    prop_assert!(spent.too_many.0 <= MINUTE);
                }
            }
            prop_assert!(granted <= most && told <= granted);
            prop_assert!(granted - told <= most.div_ceil(PARTS), "the rest is small");
            prop_assert!(reports <= PARTS, "the table is written seldom");
        }
    }

    #[test]
    fn several_processes_together_let_little_more_through(
        most in 30u32..1000, order in prop::collection::vec(0usize..5, 0..3000)) {
        let processes: Vec<Quotas> = (0..5).map(|_| Quotas::default()).collect();
        let (mut granted, mut table) = (0, 0);
        for process in order {
            if let Ok(report) = processes[process].spend(key(1), 1, most, at(5)) {
                granted += 1;
                if let Some(report) = report {
                    table += report.more;
                    processes[process].learn(&report, table);
                }
            }
        }
        prop_assert!(granted <= most + 5 * (most.div_ceil(PARTS) + 1), "{granted} of {most}");
    }
}

#[test]
fn a_minute_a_user_and_a_quota_are_counted_for_themselves() {
    let quotas = Quotas::default();
    let spend = |key, millis| quotas.spend(key, 1, 1, at(millis));
    assert!(spend(key(1), 0).is_ok());
    let first = spend(key(1), 1).unwrap_err();
    assert!(first.is_first && !spend(key(1), 2).unwrap_err().is_first);
    assert!(spend(key(1), 59_999).is_err() && spend(key(2), 3).is_ok());
    assert!(spend((Quota::Writes, key(1).1), 3).is_ok());
    assert!(spend(key(1), 60_000).is_ok());
}

#[test]
fn a_flood_of_users_fills_no_memory() {
    let quotas = Quotas::default();
    for n in 0..25_000_u64 {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&n.to_be_bytes());
        assert!(quotas.spend((Quota::Writes, UserId::from_bytes(id)), 1, 9, at(0)).is_ok());
    }
    assert!(quotas.0.lock().unwrap().len() <= MOST_USERS);
}
