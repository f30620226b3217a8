use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use futures::future::join_all;
use serde::Deserialize;
use tokio::sync::Notify;

use crate::{
    activity::Activity,
    client::Client,
    error::Error,
    problem::FieldError,
    queue::{Batch, Name, Queue, Queued, TrackerCounts},
    send::{Attempt, jittered},
    token::Caller,
};

/// The route that takes them.
const BATCH: &str = "/api/v1/activities/batch";

/// How long a flush waits after a failure; it doubles up to five seconds.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);

/// How long the first activity of a batch waits for others.
const GATHER: Duration = Duration::from_millis(500);

/// Records activities in the background: in batches of 25, each with its own `Idempotency-Key` and
/// sent until the server answers, so that none is recorded twice. Clones share one queue.
///
/// What is tracked waits in memory, within the bounds of [`TrackerBuilder`]. Await
/// [`Tracker::flush`] before a process ends; in a Lambda function put
/// [`FlushBeforeResponse`](crate::FlushBeforeResponse) around the service.
#[derive(Clone)]
pub struct Tracker {
    inner: Arc<Inner>,
    /// In whose name: the service's, unless [`Tracker::acting_as`] says another.
    name: Name,
}

struct Inner {
    client: Client,
    /// The service's own token or key.
    token: Arc<str>,
    flush_timeout: Duration,
    queue: Mutex<Queue>,
    wake: Arc<Notify>,
    /// Held by the one that sends: a batch is on its way once.
    sending: tokio::sync::Mutex<()>,
}

/// [`Tracker::flush`] ended before everything was sent. What is left is sent later, unless the
/// process ends.
#[derive(Debug, thiserror::Error)]
#[error("{left} activities are not sent yet")]
#[non_exhaustive]
pub struct FlushError {
    /// How many.
    pub left: usize,
    /// Why.
    pub source: Error,
}

/// The settings of a [`Tracker`].
#[derive(Clone)]
pub struct TrackerBuilder {
    client: Client,
    token: Arc<str>,
    capacity: usize,
    capacity_bytes: usize,
    flush_timeout: Duration,
}

impl TrackerBuilder {
    /// The most activities that wait; 10,000 by default. When there are more, the oldest of
    /// severity `info` is dropped and counted, or else the oldest.
    #[must_use]
    pub fn capacity(self, activities: usize) -> Self {
        Self { capacity: activities, ..self }
    }

    /// The most bytes of JSON that wait; 16 MiB by default.
    #[must_use]
    pub fn capacity_bytes(self, bytes: usize) -> Self {
        Self { capacity_bytes: bytes, ..self }
    }

    /// The longest that a flush takes; ten seconds by default.
    #[must_use]
    pub fn flush_timeout(self, timeout: Duration) -> Self {
        Self { flush_timeout: timeout, ..self }
    }

    /// The tracker. Built inside a tokio runtime it sends by itself; elsewhere only when it is
    /// flushed.
    #[must_use]
    pub fn build(self) -> Tracker {
        let wake = Arc::new(Notify::new());
        let inner = Arc::new(Inner {
            client: self.client,
            token: self.token,
            flush_timeout: self.flush_timeout,
            queue: Mutex::new(Queue::new(self.capacity, self.capacity_bytes)),
            wake: Arc::clone(&wake),
            sending: tokio::sync::Mutex::default(),
        });
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(send_in_the_background(Arc::downgrade(&inner), wake));
        }
        Tracker { inner, name: Name::Service }
    }
}

impl Tracker {
    /// A tracker that records in the name of the owner of a token or API key: for a service, the
    /// key of its service account. What a service account tracks is recorded as done by the system.
    pub fn new(client: &Client, token: impl AsRef<str>) -> Self {
        Self::builder(client, token).build()
    }

    /// The same with other settings.
    pub fn builder(client: &Client, token: impl AsRef<str>) -> TrackerBuilder {
        TrackerBuilder {
            client: client.clone(),
            token: token.as_ref().into(),
            capacity: 10_000,
            capacity_bytes: 16 << 20,
            flush_timeout: Duration::from_secs(10),
        }
    }

    /// This tracker in a user's name: they did it, in the organization in which they act.
    ///
    /// Where their token has ended before it is sent, the activity is recorded in the service's own
    /// name, with `user_id` and `session_id` in its details.
    #[must_use]
    pub fn acting_as(&self, caller: &Caller) -> Self {
        Self { name: Name::User(caller.clone()), ..self.clone() }
    }

    /// Queues an activity and returns at once.
    #[expect(clippy::needless_pass_by_value, reason = "what was handed over is not used again")]
    pub fn track(&self, activity: Activity) {
        self.inner.queue().push(Queued::new(self.name.clone(), &activity));
        self.inner.wake.notify_one();
    }

    /// Waits until the server has answered for everything that was tracked before.
    pub async fn flush(&self) -> Result<(), FlushError> {
        let until = Instant::now().checked_add(self.inner.flush_timeout);
        let pushed = self.inner.queue().pushed;
        let (mut wait, mut are_pauses_over) = (SHORTEST_WAIT, true);
        let mut why = Error::Unavailable("the flush took too long".to_owned());
        while self.inner.queue().has_pending(pushed) {
            let sending = self.inner.send_round(are_pauses_over);
            let sent = match until {
                Some(until) => tokio::time::timeout_at(until.into(), sending).await.ok(),
                None => Some(sending.await),
            };
            let is_progress = sent.as_ref().is_some_and(|round| round.failed < round.sent);
            if let Some(error) = sent.and_then(|round| round.error) {
                why = error;
            }
            if is_progress {
                // One name that fails does not hold up the others.
                (wait, are_pauses_over) = (SHORTEST_WAIT, false);
                continue;
            }
            if until.is_some_and(|until| Instant::now() + wait >= until) {
                return Err(FlushError { left: self.pending(), source: why });
            }
            tokio::time::sleep(jittered(wait)).await;
            (wait, are_pauses_over) = ((wait * 2).min(Duration::from_secs(5)), true);
        }
        Ok(())
    }

    /// How many activities the server has not answered for.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.inner.queue().pending()
    }

    /// What became of the others, since the tracker was built.
    #[must_use]
    pub fn counts(&self) -> TrackerCounts {
        self.inner.queue().counts
    }
}

/// Without tokens.
impl fmt::Debug for Tracker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracker").field("client", &self.inner.client).finish_non_exhaustive()
    }
}

/// Without tokens.
impl fmt::Debug for TrackerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrackerBuilder").field("client", &self.client).finish_non_exhaustive()
    }
}

/// What the server answers for each activity of a batch: an id, or a problem.
#[derive(Deserialize)]
struct Outcome {
    id: Option<String>,
    #[serde(default)]
    errors: Vec<FieldError>,
}

#[derive(Deserialize)]
struct Outcomes {
    results: Vec<Outcome>,
}

/// What sending everything that is due came to.
struct Round {
    sent: usize,
    failed: usize,
    /// Whether a batch was full: there may be more.
    is_full: bool,
    /// Whether others would fail as well.
    is_away: bool,
    /// Why one of them is to be sent again.
    error: Option<Error>,
}

/// Wakes the one that sends in the background, so that it ends.
impl Drop for Inner {
    fn drop(&mut self) {
        let left = self.queue().pending();
        if left > 0 {
            tracing::warn!(activities = left, "a tracker was dropped before it was flushed");
        }
        self.wake.notify_one();
    }
}

impl Inner {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends what is due once.
    async fn send_round(&self, are_pauses_over: bool) -> Round {
        let _sending = self.sending.lock().await;
        let batches = self.queue().due(Instant::now(), are_pauses_over);
        let outcomes = join_all(batches.iter().map(|batch| self.send(batch))).await;
        let mut errors: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
        let is_away = errors.iter().all(|error| matches!(error, Error::Unavailable(_)));
        Round {
            sent: batches.len(),
            failed: errors.len(),
            is_full: batches.iter().any(|batch| batch.is_full()),
            is_away: is_away && !errors.is_empty() && errors.len() == batches.len(),
            error: errors.pop(),
        }
    }

    /// Error: it is to be sent again.
    async fn send(&self, batch: &Batch) -> Result<(), Error> {
        let token = match &batch.name {
            Name::Service => &self.token,
            Name::User(caller) => caller.token(),
        };
        // This future may be dropped before there is an answer.
        let before = self.queue().sending(batch, Instant::now());
        let sent: Result<Outcomes, Attempt> =
            self.client.post_once(BATCH, token, batch.body.clone(), &batch.idempotency_key).await;
        let attempt = match sent {
            Ok(Outcomes { results }) => {
                let recorded = results.iter().filter(|one| one.id.is_some()).count();
                self.queue().answered(batch, recorded);
                if let Some(error) = results.iter().find_map(|one| one.errors.first()) {
                    let FieldError { field, code, .. } = error;
                    tracing::warn!(field, code, "an activity was refused");
                }
                return Ok(());
            }
            Err(attempt) => attempt,
        };
        let mut queue = self.queue();
        if !attempt.is_open {
            queue.was_not_recorded(batch, before);
        }
        match Fate::of(&attempt.error, batch) {
            Fate::Later => {
                queue.failed(batch, attempt.retry_after, Instant::now());
                return Err(attempt.error);
            }
            Fate::InTheServicesName => queue.reassign(batch),
            Fate::OneByOne => queue.split(batch),
            Fate::Refused => {
                queue.refused(batch);
                // What logs may track, and so needs the queue.
                drop(queue);
                let (error, count) = (attempt.error, batch.size());
                tracing::warn!(error = %error, count, "activities were refused");
            }
        }
        Ok(())
    }
}

/// What happens to a batch whose call failed.
enum Fate {
    Later,
    InTheServicesName,
    OneByOne,
    Refused,
}

impl Fate {
    fn of(error: &Error, batch: &Batch) -> Self {
        let is_users = batch.name != Name::Service;
        match error {
            Error::Unavailable(_) | Error::Unreadable(_) => Self::Later,
            Error::Token(_) if is_users => Self::InTheServicesName,
            Error::Refused(problem) => match problem.status {
                408 | 429 => Self::Later,
                403 if is_users => Self::InTheServicesName,
                // Something in it, which a firewall may look at as well.
                _ if batch.size() > 1 => Self::OneByOne,
                _ => Self::Refused,
            },
            Error::Token(_) | Error::Configuration(_) => Self::Refused,
        }
    }
}

async fn send_in_the_background(tracker: Weak<Inner>, wake: Arc<Notify>) {
    // Until when nothing is due, and whether that is so for new ones, too.
    let mut pause: Option<(Instant, bool)> = None;
    loop {
        match pause {
            Some((until, true)) => tokio::time::sleep_until(until.into()).await,
            Some((until, false)) => {
                let woken = tokio::time::timeout_at(until.into(), wake.notified()).await;
                if woken.is_ok() {
                    tokio::time::sleep(GATHER).await;
                }
            }
            None => {
                wake.notified().await;
                tokio::time::sleep(GATHER).await;
            }
        }
        let is_away = loop {
            // Gone with the last clone of the tracker.
            let Some(inner) = tracker.upgrade() else { return };
            let round = inner.send_round(false).await;
            if let Some(error) = &round.error {
                tracing::debug!(error = %error, "activities are sent later");
            }
            if round.failed == round.sent {
                break round.is_away;
            }
            drop(inner);
            if !round.is_full {
                tokio::time::sleep(GATHER).await;
            }
        };
        let Some(inner) = tracker.upgrade() else { return };
        pause = inner.queue().next_due().map(|until| (until, is_away));
    }
}
