use rolecall_domain::{
    activity::Activity,
    activity_stream,
    ports::{ActivityStreamStore, StoreError},
};

use crate::{
    Ports,
    jobs::batch::{Record, cause},
};

/// An activity, and the place of its record.
type Placed = (usize, Activity);

/// Fills the activity streams with the activities among the records; the place of the first one
/// that is to come again. An activity that comes again counts once; one that can never be filed is
/// left out, and holds up nothing: it is in the log.
pub(super) async fn fill(ports: &Ports, records: &[Record]) -> Option<usize> {
    let mut activities: Vec<Placed> = Vec::new();
    for (place, record) in records.iter().enumerate() {
        // An activity changes only as it is indexed.
        if record.text("feed").is_none() || record.event_name != "INSERT" {
            continue;
        }
        match ports.store.activity_of_image(record.image()) {
            Ok(activity) => activities.push((place, activity)),
            Err(error) => give_up(record, &error),
        }
    }
    let first = activities.first().map(|(place, _)| *place);
    match file(ports, activities.iter()).await {
        Err(error) if error.is_for_good() => one_by_one(ports, records, &activities).await,
        filed => filed.inspect_err(log).err().and(first),
    }
}

/// Files each activity by itself, to leave out those that are at fault.
async fn one_by_one(ports: &Ports, records: &[Record], activities: &[Placed]) -> Option<usize> {
    for one in activities {
        match file(ports, [one].into_iter()).await {
            Ok(()) => {}
            Err(error) if error.is_for_good() => {
                records.get(one.0).inspect(|record| give_up(record, &error));
            }
            Err(error) => {
                log(&error);
                return Some(one.0);
            }
        }
    }
    None
}

async fn file(ports: &Ports, activities: impl Iterator<Item = &Placed>) -> Result<(), StoreError> {
    let activities: Vec<Activity> = activities.map(|(_, activity)| activity.clone()).collect();
    activity_stream::file(ports, &activities).await
}

fn give_up(record: &Record, error: &StoreError) {
    tracing::error!(
        record = record.number(),
        entity = "activity stream entry",
        reason = error.to_string(),
        "given up"
    );
}

fn log(error: &StoreError) {
    tracing::warn!(error = %error, cause = cause(error), "the activity stream was not filled; it \
        will be tried again");
}
