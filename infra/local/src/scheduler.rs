//! EventBridge Scheduler's part: runs each function that has a schedule when its time comes on the
//! stack's clock.

use std::{sync::Arc, time::Duration};

use functions::jobs::{Job, Trigger};
use rolecall_domain::{
    clock::{Clock, SignedDuration, Timestamp, after},
    ids::Id,
    rng::SystemRng,
};
use serde_json::{Value, json};

use crate::deliveries::Invoker;

/// How often the clock is looked at: it may be moved at any time.
const LOOK: Duration = Duration::from_secs(1);

/// When a run that failed is tried again.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// Runs the schedules until it is dropped. The first run of each is one period from now.
pub(crate) async fn run(clock: Arc<dyn Clock>, invoker: Invoker) {
    let due = |job: Job| match job.trigger {
        Trigger::EveryDays(days) => Some((SignedDuration::from_hours(24 * i64::from(days)), job)),
        Trigger::EveryMinutes(minutes) => {
            Some((SignedDuration::from_mins(i64::from(minutes)), job))
        }
        _ => None,
    };
    let start = clock.now();
    let mut schedules: Vec<_> = functions::jobs::all()
        .into_iter()
        .filter_map(due)
        .map(|(period, job)| (after(start, period), period, job))
        .collect();
    let mut look = tokio::time::interval(LOOK);
    loop {
        look.tick().await;
        let now = clock.now();
        for (next, period, job) in schedules.iter_mut().filter(|(next, ..)| *next <= now) {
            let wait = match invoker.invoke(job, event(clock.as_ref(), now)).await {
                Ok(_) => *period,
                Err(error) => {
                    tracing::error!(
                        function = job.name,
                        error,
                        "a scheduled function failed; it will be tried again"
                    );
                    AGAIN
                }
            };
            *next = after(now, wait);
        }
    }
}

/// The event of a scheduled run.
pub(crate) fn event(clock: &dyn Clock, time: Timestamp) -> Value {
    json!({
        "version": "0",
        "id": Id::<()>::new(clock, &SystemRng).to_string(),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": "000000000000",
        "time": time.to_string(),
        "region": "us-east-1",
        "resources": [],
        "detail": "{}",
    })
}
