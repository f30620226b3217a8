use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use uuid::Uuid;

/// The server takes this many in a call.
const BATCH_SIZE: usize = 25;

/// The server takes 64 KiB; this leaves room for what is around the activities.
pub(crate) const BATCH_BYTES: usize = 60_000;

/// Batches that are on their way at once, each of another token: the order of one token's
/// activities is kept.
const IN_FLIGHT: usize = 8;

/// How far the queue is searched for more of the same token.
const SEARCHED: usize = 1_000;

/// An activity that is to be sent.
pub(crate) struct Queued {
    /// In whose name.
    pub(crate) token: Arc<str>,
    pub(crate) is_info: bool,
    /// The activity in JSON.
    pub(crate) json: String,
}

/// A call that is sent until it is answered, always the same one.
#[derive(Clone)]
pub(crate) struct Batch {
    pub(crate) idempotency_key: String,
    pub(crate) token: Arc<str>,
    pub(crate) size: usize,
    pub(crate) body: Bytes,
}

/// What became of what was tracked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrackerCounts {
    /// The server recorded them.
    pub recorded: u64,
    /// The server refused them, or they are larger than it takes.
    pub refused: u64,
    /// There was no room for them: the oldest of severity `info` first.
    pub dropped: u64,
}

/// What waits and what is on its way, within its bounds.
pub(crate) struct Queue {
    capacity: usize,
    capacity_bytes: usize,
    batches: Vec<Batch>,
    waiting: VecDeque<Queued>,
    waiting_bytes: usize,
    pub(crate) counts: TrackerCounts,
}

impl Queue {
    pub(crate) fn new(capacity: usize, capacity_bytes: usize) -> Self {
        Self {
            capacity,
            capacity_bytes,
            batches: Vec::new(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            counts: TrackerCounts::default(),
        }
    }

    /// Activities that the server has not answered for.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len() + self.batches.iter().map(|batch| batch.size).sum::<usize>()
    }

    pub(crate) fn push(&mut self, activity: Queued) {
        if activity.json.len() > BATCH_BYTES {
            self.counts.refused += 1;
            return;
        }
        self.waiting_bytes += activity.json.len();
        self.waiting.push_back(activity);
        while self.waiting.len() > self.capacity || self.waiting_bytes > self.capacity_bytes {
            let oldest_info = self.waiting.iter().position(|one| one.is_info);
            self.take(oldest_info.unwrap_or_default());
            self.counts.dropped += 1;
        }
    }

    /// What is to be sent now: what was not answered yet, and as many others as may be on their way
    /// at once.
    pub(crate) fn batches(&mut self) -> Vec<Batch> {
        while self.batches.len() < IN_FLIGHT {
            let is_in_flight = |one: &Queued| self.batches.iter().any(|it| it.token == one.token);
            let mut searched = self.waiting.iter().take(SEARCHED);
            let Some(first) = searched.position(|one| !is_in_flight(one)) else { break };
            let Some(batch) = self.batch(first) else { break };
            self.batches.push(batch);
        }
        self.batches.clone()
    }

    /// The activity at `first` and the next ones of its token.
    fn batch(&mut self, first: usize) -> Option<Batch> {
        let one = self.take(first)?;
        let token = one.token;
        let (mut size, mut activities) = (1, one.json);
        let mut place = first;
        while size < BATCH_SIZE && place < first + SEARCHED {
            let Some(one) = self.waiting.get(place) else { break };
            if one.token != token {
                place += 1;
                continue;
            }
            if activities.len() + 1 + one.json.len() > BATCH_BYTES {
                break;
            }
            if let Some(one) = self.take(place) {
                activities.push(',');
                activities.push_str(&one.json);
                size += 1;
            }
        }
        let body = format!("{{\"activities\":[{activities}]}}").into();
        Some(Batch { idempotency_key: Uuid::new_v4().to_string(), token, size, body })
    }

    /// The server answered: this many of the batch are recorded.
    pub(crate) fn answered(&mut self, batch: &Batch, recorded: usize) {
        self.batches.retain(|one| one.idempotency_key != batch.idempotency_key);
        let recorded = recorded.min(batch.size);
        self.counts.recorded += recorded as u64;
        self.counts.refused += (batch.size - recorded) as u64;
    }

    /// The batch is sent again in another name.
    pub(crate) fn reassign(&mut self, batch: &Batch, token: &Arc<str>) {
        for one in &mut self.batches {
            if one.idempotency_key == batch.idempotency_key {
                one.token = Arc::clone(token);
            }
        }
    }

    fn take(&mut self, place: usize) -> Option<Queued> {
        let one = self.waiting.remove(place)?;
        self.waiting_bytes -= one.json.len();
        Some(one)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn queued(token: &str, json: &str) -> Queued {
        Queued { token: token.into(), is_info: false, json: json.to_owned() }
    }

    fn numbers(batch: &Batch) -> Vec<i64> {
        let body: Value = serde_json::from_slice(&batch.body).unwrap();
        let activities = body["activities"].as_array().unwrap();
        activities.iter().map(|number| number.as_i64().unwrap()).collect()
    }

    #[test]
    fn a_batch_is_of_one_token_in_its_order_and_stays_until_it_is_answered() {
        let mut queue = Queue::new(100, 1_000);
        for number in 0..30 {
            queue.push(queued("a", &number.to_string()));
            queue.push(queued("b", &(100 + number).to_string()));
        }
        let first = queue.batches();
        assert_eq!(first.len(), 2);
        assert_eq!(numbers(&first[0]), (0..25).collect::<Vec<_>>());
        assert_eq!(numbers(&first[1]), (100..125).collect::<Vec<_>>());
        let again = queue.batches();
        assert_eq!(again[0].idempotency_key, first[0].idempotency_key);
        assert_eq!(queue.len(), 60);
        queue.answered(&first[0], 24);
        let next = queue.batches();
        assert_eq!(next[0].idempotency_key, first[1].idempotency_key);
        assert_eq!(numbers(&next[1]), (25..30).collect::<Vec<_>>());
        assert_eq!(queue.counts, TrackerCounts { recorded: 24, refused: 1, dropped: 0 });
    }

    #[test]
    fn a_batch_goes_on_in_another_name() {
        let mut queue = Queue::new(100, 1_000);
        queue.push(queued("a", "1"));
        let batch = queue.batches().remove(0);
        queue.reassign(&batch, &"b".into());
        let [again] = &queue.batches()[..] else { panic!("one batch") };
        assert_eq!((&*again.token, again.size), ("b", 1));
        queue.answered(again, 1);
        assert_eq!((queue.len(), queue.counts.recorded), (0, 1));
    }

    #[test]
    fn the_oldest_of_severity_info_is_dropped_first() {
        let mut queue = Queue::new(3, 1_000);
        for (json, is_info) in [("1", false), ("2", true), ("3", true), ("4", false), ("5", false)]
        {
            queue.push(Queued { is_info, ..queued("a", json) });
        }
        assert_eq!(numbers(&queue.batches()[0]), [1, 4, 5]);
        assert_eq!(queue.counts.dropped, 2);
        let mut queue = Queue::new(2, 1_000);
        for json in ["1", "2", "3"] {
            queue.push(queued("a", json));
        }
        assert_eq!(numbers(&queue.batches()[0]), [2, 3]);
        let mut queue = Queue::new(100, 10);
        for _ in 0..6 {
            queue.push(queued("a", "1234"));
        }
        assert_eq!((queue.len(), queue.counts.dropped), (2, 4));
    }

    #[test]
    fn no_batch_is_larger_than_the_server_takes() {
        let mut queue = Queue::new(100, 1_000_000);
        for _ in 0..7 {
            queue.push(queued("a", &format!("\"{}\"", "x".repeat(20_000))));
        }
        let mut sizes = Vec::new();
        while let Some(batch) = queue.batches().pop() {
            assert!(batch.body.len() <= 65_536, "{}", batch.body.len());
            sizes.push(batch.size);
            queue.answered(&batch, batch.size);
        }
        assert_eq!(sizes, [2, 2, 2, 1]);
        queue.push(queued("a", &"1".repeat(BATCH_BYTES + 1)));
        assert_eq!((queue.len(), queue.counts.refused), (0, 1));
    }
}
