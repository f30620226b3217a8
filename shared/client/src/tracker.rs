use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use futures::future::join_all;
use serde::Deserialize;
use tokio::sync::Notify;

use crate::{
    activity::{Activity, Severity},
    client::{Client, jittered},
    error::Error,
    problem::ProblemCode,
    queue::{Batch, Queue, Queued, TrackerCounts},
};

/// The route that takes them.
const BATCH: &str = "/api/v1/activities/batch";

/// How long the first activity of a batch waits for others.
const GATHER: Duration = Duration::from_millis(500);

/// The longest wait after failures; it doubles up to this.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Records activities in the background: in batches of 25, each with its own `Idempotency-Key` and
/// sent until the server answers, so that none is recorded twice. Clones share one queue.
///
/// What is tracked waits in memory, within the bounds of [`TrackerBuilder`]. Await
/// [`Tracker::flush`] before a process ends, and in a Lambda function before it answers.
#[derive(Clone)]
pub struct Tracker {
    inner: Arc<Inner>,
    /// In whose name: the service's, unless [`Tracker::acting_as`] says another.
    token: Arc<str>,
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
            token: Arc::clone(&self.token),
            flush_timeout: self.flush_timeout,
            queue: Mutex::new(Queue::new(self.capacity, self.capacity_bytes)),
            wake: Arc::clone(&wake),
            sending: tokio::sync::Mutex::default(),
        });
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(send_in_the_background(Arc::downgrade(&inner), wake));
        }
        Tracker { inner, token: self.token }
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

    /// This tracker in the name of another token's owner: that user did it, in the organization of
    /// the token. Where the token has ended before they are sent, or never was one, the activities
    /// are recorded in the service's own name.
    #[must_use]
    pub fn acting_as(&self, token: impl AsRef<str>) -> Self {
        Self { token: token.as_ref().into(), ..self.clone() }
    }

    /// Queues an activity and returns at once.
    #[expect(clippy::needless_pass_by_value, reason = "what was handed over is not used again")]
    pub fn track(&self, activity: Activity) {
        let is_info = activity.severity == Severity::Info;
        // Texts, numbers and maps with texts for keys always have a JSON.
        let json = serde_json::to_string(&activity).unwrap_or_default();
        self.inner.queue().push(Queued { token: Arc::clone(&self.token), is_info, json });
        self.inner.wake.notify_one();
    }

    /// Waits until the server has answered for everything that was tracked before.
    pub async fn flush(&self) -> Result<(), FlushError> {
        let until = Instant::now() + self.inner.flush_timeout;
        let mut wait = Duration::from_millis(100);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let error = match tokio::time::timeout(left, self.inner.send_all()).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(error)) => error,
                Err(_) => Error::Unavailable("the flush took too long".to_owned()),
            };
            if Instant::now() + wait >= until {
                return Err(FlushError { left: self.pending(), source: error });
            }
            tokio::time::sleep(jittered(wait)).await;
            wait *= 2;
        }
    }

    /// How many activities the server has not answered for.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.inner.queue().len()
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
}

#[derive(Deserialize)]
struct Outcomes {
    results: Vec<Outcome>,
}

/// Wakes the one that sends in the background, so that it ends.
impl Drop for Inner {
    fn drop(&mut self) {
        let left = self.queue().len();
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

    /// Sends until nothing is left. Error: the server is away or asks to wait.
    async fn send_all(&self) -> Result<(), Error> {
        let _sending = self.sending.lock().await;
        loop {
            let batches = self.queue().batches();
            if batches.is_empty() {
                return Ok(());
            }
            let sent = join_all(batches.iter().map(|batch| self.send(batch))).await;
            sent.into_iter().collect::<Result<(), Error>>()?;
        }
    }

    async fn send(&self, batch: &Batch) -> Result<(), Error> {
        let key = Some(batch.idempotency_key.as_str());
        let sent = self.client.post(BATCH, &batch.token, batch.body.clone(), key).await;
        let recorded = match sent {
            Ok(Outcomes { results }) => results.iter().filter(|one| one.id.is_some()).count(),
            Err(error) if is_passing(&error) => return Err(error),
            Err(Error::Token(_)) if batch.token != self.token => {
                self.queue().reassign(batch, &self.token);
                return Ok(());
            }
            Err(error) => {
                tracing::warn!(error = %error, activities = batch.size, "activities were refused");
                0
            }
        };
        self.queue().answered(batch, recorded);
        Ok(())
    }
}

/// Whether the same call may succeed later.
fn is_passing(error: &Error) -> bool {
    match error {
        Error::Unavailable(_) => true,
        Error::Refused(problem) => problem.code == ProblemCode::TooManyRequests,
        _ => false,
    }
}

async fn send_in_the_background(tracker: Weak<Inner>, wake: Arc<Notify>) {
    let mut wait = GATHER;
    loop {
        wake.notified().await;
        tokio::time::sleep(wait).await;
        // Gone with the last clone of the tracker.
        let Some(inner) = tracker.upgrade() else { return };
        match inner.send_all().await {
            Ok(()) => wait = GATHER,
            Err(error) => {
                tracing::debug!(error = %error, "activities are sent later");
                let asked = match &error {
                    Error::Refused(problem) => problem.retry_after,
                    _ => None,
                };
                wait = asked.unwrap_or_else(|| jittered(wait * 2)).clamp(GATHER, LONGEST_WAIT);
                wake.notify_one();
            }
        }
    }
}
