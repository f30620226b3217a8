//! Seals every hash of a password under the key of now, and takes the key of before away.

use rolecall_domain::{
    clock::{SignedDuration, after, from_millis},
    ids::UserId,
    signing::{self, SealOrder, SealPass},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Ports;

/// The input; what a scheduler puts around it is no part of it.
#[derive(Deserialize)]
struct Input {
    #[serde(default)]
    new_key: bool,
    next: Option<Pass>,
    for_seconds: Option<u32>,
}

/// How long a run works at most, in seconds, where nothing is said: under the function's 900.
const WORKS: u32 = 780;

/// A pass that is not over, as the answer has it and the next input.
#[derive(Serialize, Deserialize)]
struct Pass {
    /// In milliseconds since 1970.
    began: i64,
    after: UserId,
    sealed: u64,
    ended: u64,
}

/// Takes `{}`, `{"new_key": true}`, by which first a new key takes the place of the one of now, or
/// `{"next": …}` of an answer; each with `for_seconds`, 780 without. Answers `{"sealed", "ended",
/// "removed", "kept", "next"}`: `next` where accounts are left, `removed` once the key of before is
/// gone, which is a week after another one followed, by a run that found nothing to seal.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let input: Input = serde_json::from_value(event).map_err(|error| error.to_string())?;
    let works = SignedDuration::from_secs(input.for_seconds.unwrap_or(WORKS).into());
    let order = SealOrder {
        new_key: input.new_key,
        from: input.next.map(SealPass::try_from).transpose()?,
        until: after(ports.clock.now(), works),
    };
    let done = signing::seal_passwords(&ports, &order).await.map_err(|error| error.to_string())?;
    if !done.kept.is_empty() {
        tracing::error!(kept = ?done.kept, "secret keys could not be destroyed");
    }
    let SealPass { began, after, sealed, ended } = done.pass;
    tracing::info!(sealed, ended, is_whole = done.is_whole, removed = ?done.removed, "hashes");
    let next = after.filter(|_| !done.is_whole);
    let next = next.map(|after| Pass { began: began.as_millisecond(), after, sealed, ended });
    Ok(json!({ "sealed": sealed, "ended": ended, "removed": done.removed, "kept": done.kept,
            "next": next }))
}

impl TryFrom<Pass> for SealPass {
    type Error = String;

    fn try_from(Pass { began, after, sealed, ended }: Pass) -> Result<Self, String> {
        let began = from_millis(began).ok_or("`next` is that of an answer")?;
        Ok(Self { began, after: Some(after), sealed, ended })
    }
}
