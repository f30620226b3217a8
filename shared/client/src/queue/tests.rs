use serde_json::Value;

use super::*;

fn queued(user: &str, number: usize) -> Queued {
    let name = match user {
        "" => Name::Service,
        user => Name::User(Caller { token: user.into(), ..Caller::new(user, Some("ACME")) }),
    };
    Queued { name, is_info: false, json: format!("{{\"n\":{number}}}"), number: 0 }
}

/// What is due, pauses left out.
fn due(queue: &mut Queue) -> Vec<Arc<Batch>> {
    queue.due(Instant::now(), true)
}

fn numbers(batch: &Batch) -> Vec<u64> {
    let body: Value = serde_json::from_slice(&batch.body).unwrap();
    let activities = body["activities"].as_array().unwrap();
    activities.iter().map(|one| one["n"].as_u64().unwrap()).collect()
}

#[test]
fn a_batch_is_in_one_name_in_its_order_and_stays_until_it_is_answered() {
    let mut queue = Queue::new(100, 10_000);
    for number in 0..30 {
        queue.push(queued("", number));
        queue.push(queued("ada", 100 + number));
    }
    let first = due(&mut queue);
    assert_eq!(first.len(), 2);
    assert_eq!(numbers(&first[0]), (0..25).collect::<Vec<_>>());
    assert_eq!(numbers(&first[1]), (100..125).collect::<Vec<_>>());
    assert_eq!(due(&mut queue)[0].idempotency_key, first[0].idempotency_key);
    assert_eq!(queue.pending(), 60);
    queue.answered(&first[0], 24);
    let next = due(&mut queue);
    assert_eq!(next[0].idempotency_key, first[1].idempotency_key);
    assert_eq!(numbers(&next[1]), (25..30).collect::<Vec<_>>());
    assert_eq!((queue.counts.recorded, queue.counts.refused), (24, 1));
}

#[test]
fn a_name_that_is_paused_holds_nobody_else_up() {
    let (mut queue, now) = (Queue::new(1_000, 100_000), Instant::now());
    for user in 0..20 {
        queue.push(queued(&format!("user{user}"), user));
    }
    let first = queue.due(now, false);
    assert_eq!(first.len(), IN_FLIGHT);
    for batch in &first {
        queue.failed(batch, Some(Duration::from_secs(30)), now);
    }
    let others = queue.due(now, false);
    assert_eq!(others.len(), IN_FLIGHT);
    assert!(others.iter().all(|one| first.iter().all(|it| it.name != one.name)));
    let later = now + Duration::from_secs(30);
    assert_eq!(queue.next_due(), Some(later));
    // Those that were not tried come first, and never more than a few at once.
    for batches in [queue.due(later, false), due(&mut queue)] {
        assert_eq!(batches.len(), IN_FLIGHT);
        assert!(batches.iter().all(|one| first.iter().all(|it| it.name != one.name)));
    }
    for batch in &others {
        queue.answered(batch, batch.size());
    }
    let left = queue.due(later, false);
    assert_eq!(left.len(), IN_FLIGHT);
    assert_eq!(left.iter().filter(|one| first.iter().all(|it| it.name != one.name)).count(), 4);
}

#[test]
fn pauses_double_up_to_a_minute() {
    let (mut queue, now) = (Queue::new(10, 1_000), Instant::now());
    queue.push(queued("", 1));
    let batch = due(&mut queue).remove(0);
    for failures in 0..40_u32 {
        queue.failed(&batch, None, now);
        let pause = queue.next_due().unwrap() - now;
        let whole = PAUSE.saturating_mul(2_u32.saturating_pow(failures));
        assert!(pause <= whole.min(LONGEST_PAUSE) && pause >= PAUSE / 2, "{failures}: {pause:?}");
    }
}

#[test]
fn an_ended_token_leaves_its_activities_to_the_service_unless_they_may_be_recorded() {
    let mut queue = Queue::new(100, 10_000);
    queue.push(queued("ada", 1));
    let batch = due(&mut queue).remove(0);
    queue.reassign(&batch);
    let again = due(&mut queue).remove(0);
    assert_eq!((&again.name, again.size()), (&Name::Service, 1));
    let body: Value = serde_json::from_slice(&again.body).unwrap();
    assert_eq!(body["activities"][0]["details"]["user_id"], "ada");
    queue.answered(&again, 1);

    queue.push(queued("bob", 2));
    let batch = due(&mut queue).remove(0);
    assert_eq!(queue.sending(&batch, Instant::now()), None);
    queue.reassign(&batch);
    assert_eq!((queue.pending(), queue.counts.unknown), (0, 1));
}

#[test]
fn what_has_a_call_refused_is_found() {
    let mut queue = Queue::new(100, 10_000);
    for number in 0..3 {
        queue.push(queued("", number));
    }
    let batch = due(&mut queue).remove(0);
    queue.split(&batch);
    for number in 0..3 {
        // One after the other, as they are in one name.
        let [single] = &due(&mut queue)[..] else { panic!("one") };
        assert_eq!(numbers(single), [number]);
        queue.answered(single, 1);
    }
    assert_eq!((queue.pending(), queue.bytes, queue.counts.recorded), (0, 0, 3));
    queue.push(queued("", 1));
    let batch = due(&mut queue).remove(0);
    queue.sending(&batch, Instant::now());
    queue.split(&batch);
    assert_eq!((queue.pending(), queue.bytes, queue.counts.unknown), (0, 0, 1));
}

#[test]
fn the_oldest_of_severity_info_is_dropped_first() {
    let mut queue = Queue::new(3, 1_000);
    for (number, is_info) in [(1, false), (2, true), (3, true), (4, false), (5, false)] {
        queue.push(Queued { is_info, ..queued("", number) });
    }
    assert_eq!(numbers(&due(&mut queue)[0]), [1, 4, 5]);
    assert_eq!(queue.counts.dropped, 2);
    let mut queue = Queue::new(2, 1_000);
    for number in [1, 2, 3] {
        queue.push(queued("", number));
    }
    assert_eq!(numbers(&due(&mut queue)[0]), [2, 3]);
    let mut queue = Queue::new(100, 20);
    for number in 0..6 {
        queue.push(queued("", number));
    }
    assert_eq!((queue.pending(), queue.counts.dropped), (2, 4));
    // What is on its way counts as well, and is not dropped.
    due(&mut queue);
    queue.push(queued("", 7));
    assert_eq!((queue.pending(), queue.counts.dropped), (2, 5));
}

#[test]
fn no_batch_is_larger_than_the_server_takes() {
    let mut queue = Queue::new(100, 1_000_000);
    for _ in 0..7 {
        queue.push(Queued { json: format!("\"{}\"", "x".repeat(20_000)), ..queued("", 0) });
    }
    let mut sizes = Vec::new();
    while let Some(batch) = due(&mut queue).pop() {
        assert!(batch.body.len() <= 65_536, "{}", batch.body.len());
        sizes.push(batch.size());
        queue.answered(&batch, batch.size());
    }
    assert_eq!(sizes, [2, 2, 2, 1]);
    queue.push(Queued { json: "1".repeat(BATCH_BYTES + 1), ..queued("", 0) });
    assert_eq!((queue.pending(), queue.bytes, queue.counts.refused), (0, 0, 1));
}

#[test]
fn a_watermark_is_passed_by_what_was_pushed_before_it_alone() {
    let mut queue = Queue::new(100, 10_000);
    queue.push(queued("", 1));
    let mark = queue.pushed;
    let batch = due(&mut queue).remove(0);
    queue.push(queued("", 2));
    assert!(queue.has_pending(mark));
    queue.answered(&batch, 1);
    assert!(!queue.has_pending(mark) && queue.pending() == 1);
}

#[test]
fn a_paused_name_with_a_thousand_activities_holds_nobody_up() {
    let (mut queue, now) = (Queue::new(10_000, 1 << 20), Instant::now());
    for number in 0..2_000 {
        queue.push(queued("", number));
    }
    queue.push(queued("ada", 1));
    let batches = queue.due(now, false);
    assert_eq!(batches.len(), 2);
    queue.failed(&batches[0], None, now);
    assert_eq!(queue.due(now, false)[0].name, batches[1].name);
}

#[test]
fn what_may_be_recorded_is_not_sent_when_the_server_has_forgotten_its_key() {
    let (mut queue, now) = (Queue::new(10, 1_000), Instant::now());
    queue.push(queued("", 1));
    let batch = queue.due(now, false).remove(0);
    queue.sending(&batch, now);
    queue.failed(&batch, None, now);
    assert_eq!(queue.due(now + Duration::from_hours(22), false).len(), 1);
    assert!(queue.due(now + KEY_GOOD_FOR, false).is_empty());
    assert_eq!((queue.pending(), queue.bytes, queue.counts.unknown), (0, 0, 1));
}

#[test]
fn what_was_certainly_not_recorded_is_told_by_the_service_in_its_order() {
    let (mut queue, now) = (Queue::new(100, 10_000), Instant::now());
    queue.push(queued("ada", 1));
    queue.push(queued("", 2));
    queue.push(queued("ada", 3));
    let [ada, service] = &queue.due(now, false)[..] else { panic!("two") };
    queue.answered(service, 1);
    let before = queue.sending(ada, now);
    queue.was_not_recorded(ada, before);
    queue.push(queued("", 4));
    queue.reassign(ada);
    assert_eq!(numbers(&due(&mut queue)[0]), [1, 3, 4]);
}
