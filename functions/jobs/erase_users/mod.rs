//! Erases the accounts whose time has come, and goes on where there was more than `relay` does at
//! once.

use rolecall_domain::{
    account,
    ids::UserId,
    ports::{ErasureStore, StoreError},
};
use serde_json::{Value, json};

use crate::Ports;

/// So many accounts are erased in a run at most; the next run goes on.
const ACCOUNTS: usize = 100;

/// Of so many activities a run erases the users at most.
const ACTIVITIES: usize = 20_000;

/// Takes EventBridge's event. An account that cannot be erased now holds up no other one. Running
/// it twice, or twice at once, erases nothing twice. Answers `{"erased", "unfinished"}`.
pub async fn handler(ports: Ports, _event: Value) -> Result<Value, String> {
    let now = ports.clock.now();
    let due = ports.store.due_erasures(now, ACCOUNTS).await.map_err(|error| error.to_string())?;
    let (mut erased, mut unfinished) = (0, 0);
    let most = ACTIVITIES / due.len().max(1);
    for one in due {
        match account::go_on_erasing(&ports, one, most).await {
            Ok(true) => erased += 1,
            Ok(false) => unfinished += 1,
            Err(error) => {
                unfinished += 1;
                log(&error, one.user);
            }
        }
    }
    Ok(json!({ "erased": erased, "unfinished": unfinished }))
}

fn log(error: &StoreError, user: UserId) {
    tracing::error!(error = %error, user = %user, "not erased; the next run goes on");
}
