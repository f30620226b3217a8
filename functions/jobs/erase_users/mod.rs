//! Erases the accounts whose time has come, and goes on where there was more than `relay` does at
//! once.

use rolecall_domain::{
    account,
    ids::UserId,
    ports::{ErasureStore, StoreError},
};
use serde_json::{Value, json};

use crate::Ports;

/// So many are read at once.
const PAGE: usize = 50;

/// So many accounts are looked at in a run at most; the next run goes on.
const ACCOUNTS: usize = 1_000;

/// Of so many activities a run erases an account at most, and looks at as many entries of activity
/// streams.
const ACTIVITIES: usize = 50_000;

/// Takes EventBridge's event. An account that cannot be erased now holds up no other one. Running
/// it twice, or twice at once, erases nothing twice. Answers `{"erased", "unfinished"}`.
pub async fn handler(ports: Ports, _event: Value) -> Result<Value, String> {
    let now = ports.clock.now();
    let (mut erased, mut unfinished, mut last) = (0, 0, None);
    while erased + unfinished < ACCOUNTS {
        let due = ports.store.due_erasures(now, last, PAGE).await;
        let due = due.map_err(|error| error.to_string())?;
        let is_last = due.len() < PAGE;
        last = due.last().copied().or(last);
        for one in due {
            match account::go_on_erasing(&ports, one, ACTIVITIES).await {
                Ok(true) => erased += 1,
                Ok(false) => unfinished += 1,
                Err(error) => {
                    unfinished += 1;
                    log(&error, one.user);
                }
            }
        }
        if is_last {
            break;
        }
    }
    Ok(json!({ "erased": erased, "unfinished": unfinished }))
}

fn log(error: &StoreError, user: UserId) {
    tracing::error!(error = %error, user = %user, "not erased; the next run goes on");
}
