use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;

/// How far `relay` is behind what was written.
///
/// What lists of people show follows by the table's stream, on AWS within a second or so. One
/// machine has no reason to be late: it hands the stream over before it reads such a list.
pub(crate) struct Progress {
    /// Cuts the readers' wait for their next look short.
    pub(crate) written: Notify,
    /// Counts what may have changed somebody.
    changes: AtomicU64,
    /// Up to which change everything was handed over.
    settled: AtomicU64,
    /// How often each reader found nothing that was left.
    idle: Mutex<HashMap<String, u64>>,
    /// Whether nobody reads any more.
    is_stopped: AtomicBool,
}

impl Default for Progress {
    /// Nothing of what was there before is known to be handed over.
    fn default() -> Self {
        Self {
            written: Notify::new(),
            changes: AtomicU64::new(1),
            settled: AtomicU64::new(0),
            idle: Mutex::default(),
            is_stopped: AtomicBool::new(false),
        }
    }
}

/// A reader that is down holds up no list.
const PATIENCE: Duration = Duration::from_secs(5);

const LOOK: Duration = Duration::from_millis(2);

impl Progress {
    /// That something may have changed somebody.
    pub(crate) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// That a reader found nothing left.
    pub(crate) fn found_nothing(&self, reader: &str) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        *idle.entry(reader.to_owned()).or_default() += 1;
    }

    /// That a reader's shard is closed, and read to its end.
    pub(crate) fn is_over(&self, reader: &str) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).remove(reader);
    }

    /// Waits until everything is handed over that changed before.
    pub(crate) async fn caught_up(&self) {
        let target = self.changes.load(Ordering::SeqCst);
        let is_stopped = self.is_stopped.load(Ordering::SeqCst);
        if is_stopped || self.settled.load(Ordering::SeqCst) >= target {
            return;
        }
        let before = self.idle();
        // The look that is under way may have begun before the change.
        let is_settled = |now: &HashMap<String, u64>| {
            !now.is_empty()
                && now.iter().all(|(reader, looks)| {
                    *looks >= before.get(reader).copied().unwrap_or_default() + 2
                })
        };
        let settled = async {
            while !is_settled(&self.idle()) {
                self.written.notify_waiters();
                tokio::time::sleep(LOOK).await;
            }
        };
        if tokio::time::timeout(PATIENCE, settled).await.is_ok() {
            self.settled.fetch_max(target, Ordering::SeqCst);
        }
    }

    fn idle(&self) -> HashMap<String, u64> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Tells, as it goes, that nobody reads any more.
pub(crate) struct Reading(pub(crate) Arc<Progress>);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.is_stopped.store(true, Ordering::SeqCst);
    }
}
