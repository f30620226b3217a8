use rolecall_domain::{activity_stream, ports::ActivityStreamStore};

use crate::{
    Ports,
    jobs::batch::{Record, cause},
};

/// Fills the activity streams with the activities among the records; the place of the first one
/// that failed. An activity that comes again counts once.
pub(super) async fn fill(ports: &Ports, records: &[Record]) -> Option<usize> {
    let (mut activities, mut first, mut unreadable) = (Vec::new(), None, None);
    for (place, record) in records.iter().enumerate() {
        if record.text("feed").is_none() {
            continue;
        }
        match ports.store.activity_of_image(record.image()) {
            Ok(activity) => activities.push(activity),
            Err(error) => {
                tracing::warn!(error = %error, cause = cause(&error), "an activity of the stream \
                    cannot be read");
                unreadable = Some(place);
                break;
            }
        }
        first = first.or(Some(place));
    }
    match activity_stream::file(ports, &activities).await {
        Ok(()) => unreadable,
        Err(error) => {
            tracing::warn!(error = %error, cause = cause(&error), "the activity stream was not \
                filled; it will be tried again");
            first
        }
    }
}
