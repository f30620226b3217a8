//! An item that carries pending events has the table's stream tell of them at each of its writes.

use crate::architecture::all_sources;

/// Keys of items that carry pending events.
const CARRIERS: [&str; 5] = ["user", "session", "failed_logins", "one_time_token", "outbox"];

/// What updates a mail that was claimed: the claim took its pending events away.
const BEHIND_A_CLAIM: [&str; 2] = ["mark_mail_sent", "release_mail"];

#[test]
fn what_updates_an_item_with_pending_events_replaces_them_or_takes_them_away() {
    let mut updates = 0;
    for (path, text) in all_sources() {
        if !path.starts_with("shared/storage/src/ops/") {
            continue;
        }
        for function in text.split("fn ").skip(1) {
            let name = function.split(['(', '<']).next().unwrap();
            let is_update = CARRIERS.iter().any(|key| {
                ["update", "update_item"].iter().any(|update| {
                    let call = format!("{update}(&keys::{key}(");
                    function.contains(&call)
                })
            });
            updates += usize::from(is_update);
            assert!(
                !is_update || function.contains("enclosed") || BEHIND_A_CLAIM.contains(&name),
                "{path}: {name} has the stream tell of them once more"
            );
        }
    }
    assert!(updates >= 8, "{updates}");
}
