use std::collections::BTreeMap;

use rolecall_domain::{
    account, activity, organization,
    ports::{ActivityStore, ActivityStreamStore, ErasureStore, SetAside, StoreError},
};

use super::lists;
use crate::{
    Ports,
    jobs::batch::{Record, cause},
};

/// Files the pending events of each record, and then brings the lists of people up to date; the
/// place of the first record that is to come again. What can never be filed is set aside, and holds
/// up nothing.
pub(super) async fn file(ports: &Ports, records: &[Record]) -> Option<usize> {
    let mut failed = None;
    let mut changed = BTreeMap::new();
    for (place, record) in records.iter().enumerate() {
        let Some(pending_events) = pending_events(record) else {
            continue;
        };
        let filed = match file_one(ports, record, pending_events).await {
            Err(error) if error.is_for_good() => {
                set_aside(ports, record, pending_events, &error).await
            }
            filed => filed,
        };
        let whom = match filed {
            Ok(()) => lists::whom_it_changed(ports, record).await,
            Err(error) => Err(error),
        };
        match whom {
            // However often somebody changed in this batch, they are listed once.
            Ok(whom) => whom.into_iter().for_each(|user| {
                changed.entry(user).or_insert(place);
            }),
            Err(error) => {
                tracing::warn!(error = %error, cause = cause(&error), "pending events were not \
                    filed; they will be tried again");
                failed = Some(place);
                break;
            }
        }
    }
    let unlisted = lists::update(ports, changed).await;
    [failed, unlisted].into_iter().flatten().min()
}

/// Keeps what nobody can file where an operator finds it. What cannot be kept either is told by
/// the log alone: its item still has it.
async fn set_aside(
    ports: &Ports,
    record: &Record,
    pending_events: &str,
    error: &StoreError,
) -> Result<(), StoreError> {
    let reason = error.to_string();
    let organization = log_of(record);
    let set_aside =
        SetAside { record: record.number(), pending_events, organization, reason: &reason };
    match ports.store.set_aside(&set_aside, ports.clock.now()).await {
        Err(error) if !error.is_for_good() => return Err(error),
        kept => tracing::error!(
            record = record.number(),
            entity = record.text("entity"),
            reason,
            kept = kept.is_ok(),
            "given up"
        ),
    }
    Ok(())
}

/// Files pending events in the log of its item's organization, and lists the item if it is a new
/// account. An activity has nothing to file but itself.
async fn file_one(ports: &Ports, record: &Record, pending_events: &str) -> Result<(), StoreError> {
    match record.text("entity") {
        Some("erasure") => return begin_erasure(ports, record).await,
        Some("activity") => {
            let activity = ports.store.activity_of_image(record.image())?;
            if record.text("by_user").is_some() {
                ports.store.index_activity(&activity).await?;
            }
            organization::take_remains_away(ports, &activity).await?;
            return activity::note(ports, &activity).await;
        }
        Some("user") if record.event_name == "INSERT" => {
            let id = record.text("id").and_then(|id| id.parse().ok());
            let id = id.ok_or_else(|| StoreError::Broken("an account has no id".to_owned()))?;
            ports.store.list_account(id).await?;
        }
        _ => {}
    }
    match ports.store.file_pending_events(pending_events, log_of(record)).await? {
        Some(activity) => activity::note(ports, &activity).await,
        None => Ok(()),
    }
}

/// Of so many activities a user is erased at once; the job `erase_users` goes on.
const MOST_ERASED: usize = 500;

/// Begins an erasure. One that fails holds up nothing here: it stays on the list of the job.
async fn begin_erasure(ports: &Ports, record: &Record) -> Result<(), StoreError> {
    let due = ports.store.erasure_of_image(record.image())?;
    if let Err(error) = account::go_on_erasing(ports, due, MOST_ERASED).await {
        tracing::warn!(error = %error, cause = cause(&error), "an account was not erased; the job \
            goes on");
    }
    Ok(())
}

/// The log of the item's organization: under its id, or its code where it has none.
fn log_of(record: &Record) -> Option<&str> {
    record.text("log").or_else(|| record.text("organization"))
}

/// The pending events of a record.
fn pending_events(record: &Record) -> Option<&str> {
    record.text("enclosed")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_with_pending_events_is_told_from_one_without() {
        let record = |image: serde_json::Value| -> Record {
            serde_json::from_value(json!({ "eventName": "MODIFY", "dynamodb": {
                "SequenceNumber": "1", "NewImage": image } }))
            .unwrap()
        };
        assert_eq!(pending_events(&record(json!({ "enclosed": { "S": "{}" } }))), Some("{}"));
        assert_eq!(pending_events(&record(json!({ "entity": { "S": "session" } }))), None);
    }
}
