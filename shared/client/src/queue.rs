use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use uuid::Uuid;

use crate::{activity::Activity, send::jittered, token::Caller};

/// The server takes this many in a call.
const BATCH_SIZE: usize = 25;

/// The server takes 64 KiB; this leaves room for what is around the activities.
pub(crate) const BATCH_BYTES: usize = 60_000;

/// Batches that are on their way at once, each in another name: the order of one name's activities
/// is kept.
const IN_FLIGHT: usize = 8;

/// How far the queue is searched for more of the same name.
const SEARCHED: usize = 1_000;

/// The server knows an `Idempotency-Key` for a day: a batch that may be recorded is not sent later.
const KEY_GOOD_FOR: Duration = Duration::from_hours(23);

/// The pause after the first failure of a batch, and the longest one.
const PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// In whose name an activity is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    Service,
    User(Caller),
}

impl Name {
    fn token(&self) -> Option<&str> {
        match self {
            Self::Service => None,
            Self::User(caller) => Some(caller.token()),
        }
    }
}

/// An activity that is to be sent.
#[derive(Clone)]
pub(crate) struct Queued {
    pub(crate) name: Name,
    pub(crate) is_info: bool,
    /// The activity in JSON.
    pub(crate) json: String,
    number: u64,
}

impl Queued {
    pub(crate) fn new(name: Name, activity: &Activity) -> Self {
        Self { name, is_info: activity.is_info(), json: activity.to_json(), number: 0 }
    }

    /// Its share of the memory.
    fn bytes(&self) -> usize {
        self.json.len() + self.name.token().unwrap_or_default().len()
    }
}

/// A call that is sent until it is answered, always the same one.
pub(crate) struct Batch {
    pub(crate) idempotency_key: String,
    pub(crate) name: Name,
    pub(crate) body: Bytes,
    activities: Vec<Queued>,
}

impl Batch {
    fn new(name: Name, activities: Vec<Queued>) -> Self {
        let all: Vec<&str> = activities.iter().map(|one| one.json.as_str()).collect();
        let body = format!("{{\"activities\":[{}]}}", all.join(",")).into();
        Self { idempotency_key: Uuid::new_v4().to_string(), name, body, activities }
    }

    pub(crate) fn size(&self) -> usize {
        self.activities.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.size() == BATCH_SIZE
    }
}

/// A batch, and what its calls came to so far.
struct InFlight {
    batch: Arc<Batch>,
    failures: u32,
    paused_until: Option<Instant>,
    /// Since when it may be recorded: a call ended without an answer.
    unanswered_since: Option<Instant>,
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
    /// A call ended without an answer, and its token has ended since: recorded or not.
    pub unknown: u64,
}

/// What waits and what is on its way, within its bounds.
pub(crate) struct Queue {
    capacity: usize,
    capacity_bytes: usize,
    in_flight: Vec<InFlight>,
    waiting: VecDeque<Queued>,
    /// Of all that is pending.
    bytes: usize,
    /// How many were pushed so far.
    pub(crate) pushed: u64,
    pub(crate) counts: TrackerCounts,
}

impl Queue {
    pub(crate) fn new(capacity: usize, capacity_bytes: usize) -> Self {
        Self {
            capacity,
            capacity_bytes,
            in_flight: Vec::new(),
            waiting: VecDeque::new(),
            bytes: 0,
            pushed: 0,
            counts: TrackerCounts::default(),
        }
    }

    /// Activities that the server has not answered for.
    pub(crate) fn pending(&self) -> usize {
        self.waiting.len() + self.in_flight.iter().map(|one| one.batch.size()).sum::<usize>()
    }

    /// Whether one of the first `pushed` is still pending.
    pub(crate) fn has_pending(&self, pushed: u64) -> bool {
        let batches = self.in_flight.iter().flat_map(|one| &one.batch.activities);
        batches.chain(&self.waiting).any(|one| one.number <= pushed)
    }

    pub(crate) fn push(&mut self, mut activity: Queued) {
        self.pushed += 1;
        activity.number = self.pushed;
        if activity.json.len() > BATCH_BYTES {
            self.counts.refused += 1;
            return;
        }
        self.bytes += activity.bytes();
        self.waiting.push_back(activity);
        while !self.waiting.is_empty()
            && (self.pending() > self.capacity || self.bytes > self.capacity_bytes)
        {
            let oldest_info = self.waiting.iter().position(|one| one.is_info);
            if let Some(one) = self.waiting.remove(oldest_info.unwrap_or_default()) {
                self.bytes -= one.bytes();
                self.counts.dropped += 1;
            }
        }
    }

    /// What is to be sent at once: for each of a few names what was not answered yet, or else what
    /// waits; those that failed last come last. Pauses may be left out.
    pub(crate) fn due(&mut self, now: Instant, are_pauses_over: bool) -> Vec<Arc<Batch>> {
        self.give_up(now);
        let is_due =
            |one: &&InFlight| are_pauses_over || one.paused_until.is_none_or(|until| until <= now);
        let mut names = HashSet::new();
        let mut due: Vec<_> = self.in_flight.iter().filter(is_due).collect();
        due.sort_by_key(|one| one.paused_until);
        due.retain(|one| names.insert(one.batch.name.token()));
        let mut due: Vec<_> = due.into_iter().map(|one| Arc::clone(&one.batch)).collect();
        // What was not tried yet comes before what failed.
        let untried = due.iter().take_while(|batch| self.has_not_failed(batch)).count();
        let fresh = self.fresh(IN_FLIGHT.saturating_sub(untried));
        due.splice(untried..untried, fresh);
        due.truncate(IN_FLIGHT);
        due
    }

    /// New batches of names that have none.
    fn fresh(&mut self, most: usize) -> Vec<Arc<Batch>> {
        let named = |name: &Name| name.token().map(str::to_owned);
        let mut names: HashSet<_> =
            self.in_flight.iter().map(|one| named(&one.batch.name)).collect();
        let (mut fresh, mut place) = (Vec::new(), 0);
        while fresh.len() < most && place < self.waiting.len() {
            let is_new = self.waiting.get(place).is_some_and(|one| names.insert(named(&one.name)));
            if is_new && let Some(batch) = self.batch(place) {
                fresh.push(self.start(batch));
            } else {
                place += 1;
            }
        }
        fresh
    }

    fn has_not_failed(&self, batch: &Batch) -> bool {
        let mut in_flight = self.in_flight.iter();
        in_flight.any(|one| one.batch.idempotency_key == batch.idempotency_key && one.failures == 0)
    }

    /// What may be recorded, and is so old that it would be recorded again.
    fn give_up(&mut self, now: Instant) {
        let is_over = |one: &InFlight| {
            let since = one.unanswered_since;
            since.is_some_and(|since| now.saturating_duration_since(since) >= KEY_GOOD_FOR)
        };
        let over = self.in_flight.iter().filter(|one| is_over(one));
        for batch in over.map(|one| Arc::clone(&one.batch)).collect::<Vec<_>>() {
            self.finish(&batch);
            self.counts.unknown += batch.size() as u64;
        }
    }

    /// When the first pause of a batch is over; `None` where nothing is paused.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.in_flight.iter().filter_map(|one| one.paused_until).min()
    }

    fn start(&mut self, batch: Batch) -> Arc<Batch> {
        let batch = Arc::new(batch);
        self.in_flight.push(InFlight {
            batch: Arc::clone(&batch),
            failures: 0,
            paused_until: None,
            unanswered_since: None,
        });
        batch
    }

    /// The activity at `first` and the next ones of its name.
    fn batch(&mut self, first: usize) -> Option<Batch> {
        let one = self.waiting.remove(first)?;
        let (name, mut bytes) = (one.name.clone(), one.json.len());
        let mut activities = vec![one];
        let mut place = first;
        while activities.len() < BATCH_SIZE && place < first + SEARCHED {
            let Some(one) = self.waiting.get(place) else { break };
            if one.name != name {
                place += 1;
                continue;
            }
            bytes += one.json.len() + 1;
            if bytes > BATCH_BYTES {
                break;
            }
            activities.extend(self.waiting.remove(place));
        }
        Some(Batch::new(name, activities))
    }

    /// The server answered: this many of the batch are recorded.
    pub(crate) fn answered(&mut self, batch: &Batch, recorded: usize) {
        let size = batch.size();
        let recorded = recorded.min(size);
        self.finish(batch);
        self.counts.recorded += recorded as u64;
        self.counts.refused += (size - recorded) as u64;
    }

    /// The server refused all of it; an earlier call may have recorded it.
    pub(crate) fn refused(&mut self, batch: &Batch) {
        let is_unanswered = self.is_unanswered(batch);
        self.finish(batch);
        let size = batch.size() as u64;
        *(if is_unanswered { &mut self.counts.unknown } else { &mut self.counts.refused }) += size;
    }

    /// It is to be sent again, after a pause that doubles with each failure, or as long as the
    /// server asks.
    pub(crate) fn failed(&mut self, batch: &Batch, retry_after: Option<Duration>, now: Instant) {
        let Some(one) = self.find(batch) else { return };
        let pause = PAUSE.saturating_mul(2_u32.saturating_pow(one.failures));
        let pause = retry_after.unwrap_or_else(|| jittered(pause));
        one.paused_until = Some(now + pause.clamp(PAUSE / 2, LONGEST_PAUSE));
        one.failures += 1;
    }

    /// A call is on its way: until it is answered, the batch may be recorded. Answers since when
    /// that was so before.
    pub(crate) fn sending(&mut self, batch: &Batch, now: Instant) -> Option<Instant> {
        let one = self.find(batch)?;
        let before = one.unanswered_since;
        one.unanswered_since = before.or(Some(now));
        before
    }

    /// The call did not record it: what was so before is so again.
    pub(crate) fn was_not_recorded(&mut self, batch: &Batch, before: Option<Instant>) {
        if let Some(one) = self.find(batch) {
            one.unanswered_since = before;
        }
    }

    /// Its token has ended: its activities go on in the service's name, and say whose they are. Not
    /// where it may be recorded already: the server takes another sender's call for another one.
    pub(crate) fn reassign(&mut self, batch: &Batch) {
        if self.is_unanswered(batch) {
            return self.refused(batch);
        }
        self.finish(batch);
        for one in &batch.activities {
            let Name::User(caller) = &one.name else { continue };
            let json = Activity::json_on_behalf(&one.json, caller);
            let one = Queued { name: Name::Service, json, ..one.clone() };
            self.bytes += one.bytes();
            let place = self.waiting.partition_point(|it| it.number < one.number);
            self.waiting.insert(place, one);
        }
    }

    /// Something in it has the whole call refused: each is sent in a call of its own.
    pub(crate) fn split(&mut self, batch: &Batch) {
        if self.is_unanswered(batch) {
            return self.refused(batch);
        }
        self.finish(batch);
        for one in &batch.activities {
            self.bytes += one.bytes();
            self.start(Batch::new(one.name.clone(), vec![one.clone()]));
        }
    }

    fn is_unanswered(&mut self, batch: &Batch) -> bool {
        self.find(batch).is_some_and(|one| one.unanswered_since.is_some())
    }

    fn find(&mut self, batch: &Batch) -> Option<&mut InFlight> {
        let key = &batch.idempotency_key;
        self.in_flight.iter_mut().find(|one| one.batch.idempotency_key == *key)
    }

    fn finish(&mut self, batch: &Batch) {
        let before = self.in_flight.len();
        self.in_flight.retain(|one| one.batch.idempotency_key != batch.idempotency_key);
        if self.in_flight.len() < before {
            self.bytes -= batch.activities.iter().map(Queued::bytes).sum::<usize>();
        }
    }
}

#[cfg(test)]
mod tests;
