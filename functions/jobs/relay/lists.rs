use std::collections::BTreeMap;

use futures::{StreamExt, stream};
use rolecall_domain::{
    clock::{SignedDuration, from_millis, start_of},
    ids::UserId,
    ports::{ActivityStreamStore, PeopleStore, SessionStore, StoreError},
};

use crate::{
    Ports,
    jobs::batch::{Record, cause},
};

/// So many people are listed at the same time.
const AT_ONCE: usize = 8;

/// Last sign-ins are told to the day.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Whom a record changed: whose item it is, whom somebody did something to, or who signed in. A use
/// of a session changes nobody, nor does what cannot be read.
pub(super) async fn whom_it_changed(
    ports: &Ports,
    record: &Record,
) -> Result<Option<UserId>, StoreError> {
    let is_new = record.event_name == "INSERT";
    let owner = || record.text("PK")?.strip_prefix("USER#")?.parse::<UserId>().ok();
    match record.text("entity") {
        Some("activity") if is_new => {
            let activity = ports.store.activity_of_image(record.image()).ok();
            Ok(activity.and_then(|activity| Some(activity.subject?.id)))
        }
        Some("session") if is_new => {
            let at = record.number_of("created_at").and_then(from_millis);
            let (Some(user), Some(at)) = (owner(), at) else { return Ok(None) };
            ports.store.note_login(user, start_of(at, DAY)).await?;
            Ok(Some(user))
        }
        Some("activity" | "session") => Ok(None),
        _ => Ok(owner()),
    }
}

/// Brings the lists of people up to date, for those who changed and the place of the record that
/// first told so; the first place that is to come again.
pub(super) async fn update(ports: &Ports, changed: BTreeMap<UserId, usize>) -> Option<usize> {
    let list = |(user, place)| async move { (place, ports.store.list_person(user, false).await) };
    let listed: Vec<(usize, Result<(), StoreError>)> =
        stream::iter(changed).map(list).buffer_unordered(AT_ONCE).collect().await;
    let failed = listed.into_iter().filter_map(|(place, listed)| Some((place, listed.err()?)));
    failed.filter(|(_, error)| is_to_come_again(error)).map(|(place, _)| place).min()
}

fn is_to_come_again(error: &StoreError) -> bool {
    if error.is_for_good() {
        tracing::error!(entity = "person in a list", reason = error.to_string(), "given up");
        return false;
    }
    tracing::warn!(error = %error, cause = cause(error), "somebody was not listed; it will be \
        tried again");
    true
}
