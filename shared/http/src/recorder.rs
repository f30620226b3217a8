use std::{sync::Arc, time::Duration};

use rolecall_domain::{activity::Activity, ports::ActivityStore};
use tokio::sync::{mpsc, watch};

/// So many records wait at most; a call that comes on top of them waits for room with its answer.
const ROOM: usize = 4096;

/// What one batch of DynamoDB takes.
const BATCH: usize = 25;

/// Writes that fail are tried again this often, a second apart.
const ATTEMPTS: u32 = 3;

/// Writes the records of API calls beside and after their answers: none waits for its record.
///
/// A record is written as soon as its answer is made, several in one batch where they come fast. A
/// host that ends in an orderly way waits for [`Recorder::idle`], so none is lost. A crash, or a
/// Lambda environment that is taken away in the middle of a write, costs the records that were on
/// their way: those of the last moments, and never the record of a change, which is part of the
/// change's own write. What the store refuses three times is lost with one log line.
#[derive(Debug, Clone)]
pub struct Recorder {
    queue: mpsc::Sender<Activity>,
    waiting: Arc<watch::Sender<usize>>,
}

impl Recorder {
    /// Starts writing, as long as one of its clones lives.
    #[must_use]
    pub fn start(store: impl ActivityStore + 'static) -> Self {
        let (queue, mut records) = mpsc::channel(ROOM);
        let waiting = Arc::new(watch::Sender::new(0));
        let written = Arc::clone(&waiting);
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while records.recv_many(&mut batch, BATCH).await > 0 {
                let count = batch.len();
                write(&store, std::mem::take(&mut batch)).await;
                written.send_modify(|waiting| *waiting -= count);
            }
        });
        Self { queue, waiting }
    }

    pub async fn record(&self, activity: Activity) {
        self.waiting.send_modify(|waiting| *waiting += 1);
        if self.queue.send(activity).await.is_err() {
            self.waiting.send_modify(|waiting| *waiting -= 1);
            tracing::error!("nobody writes the records of calls");
        }
    }

    /// Waits until everything that was taken is written.
    pub async fn idle(&self) {
        drop(self.waiting.subscribe().wait_for(|waiting| *waiting == 0).await);
    }
}

async fn write(store: &impl ActivityStore, mut batch: Vec<Activity>) {
    for attempt in 1..=ATTEMPTS {
        let error = match store.record_all(&batch.iter().collect::<Vec<_>>()).await {
            Ok(left) => {
                batch.retain(|activity| left.contains(&activity.id));
                "the store is busy".to_owned()
            }
            Err(error) => error.to_string(),
        };
        if batch.is_empty() {
            return;
        }
        if attempt < ATTEMPTS {
            tokio::time::sleep(Duration::from_secs(1)).await;
        } else {
            tracing::error!(lost = batch.len(), error, "the records of calls were not written");
        }
    }
}
