use crate::{
    model::{activity::Activity, activity_stats::Period, organization::PLATFORM},
    ports::{Crypto, Ports, Store, StoreError},
};

/// Notes for the statistics that an activity happened in its log in its hour. An hour that was
/// counted for good meanwhile is made anew.
pub async fn note(
    ports: &Ports<impl Store, impl Crypto>,
    activity: &Activity,
) -> Result<(), StoreError> {
    let hour = Period::Hour.start(activity.at());
    // When an hour has closed it is counted together with the one before it.
    let still_counted = Period::Hour.previous(Period::Hour.start(ports.clock.now()));
    if ports.store.note_hour(activity).await? && hour < still_counted {
        let log = activity.organization.as_ref().map_or(PLATFORM, |log| log.as_str());
        ports.store.mark_behind(log, hour).await?;
    }
    Ok(())
}
