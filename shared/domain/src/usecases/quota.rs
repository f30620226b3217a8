//! Quotas of signed-in users: counted in the process, and in the table a tenth at a time, so that
//! they cost nobody a write who stays far below.

use crate::{
    model::{
        account::User,
        activity::Activity,
        client::Client,
        event::Event,
        quota::{Quota, Report, Spent},
        throttle::TooMany,
    },
    ports::{Crypto, Ports, Store, StoreError},
};

/// Takes `more` out of a user's quota, or nothing; the first refusal in a minute is recorded. What
/// it answers is to be told to the table, which nothing has to wait for.
pub async fn take<E: From<StoreError> + From<TooMany>>(
    ports: &Ports<impl Store, impl Crypto>,
    quota: Quota,
    user: &User,
    more: u32,
    client: &Client,
) -> Result<Option<Report>, E> {
    let most = quota.most(&ports.settings, user.is_service);
    match ports.quotas.spend((quota, user.id), more, most, ports.clock.now()) {
        Ok(report) => Ok(report),
        Err(Spent { too_many, is_first }) => {
            if is_first {
                let activity = Activity::new(ports, Event::RateLimit, client)
                    .of_self(user)
                    .with("limit", quota.as_str())
                    .with("most", most);
                ports.store.record(&activity).await?;
            }
            Err(too_many.into())
        }
    }
}

/// Tells the table, and learns what other processes told it.
pub async fn tell(
    ports: &Ports<impl Store, impl Crypto>,
    report: Option<Report>,
) -> Result<(), StoreError> {
    let Some(report) = report else {
        return Ok(());
    };
    let whose = report.user.to_string();
    let (quota, more) = (report.quota.as_str(), report.more);
    let total = ports.store.count_more(quota, &whose, report.window, more).await?;
    ports.quotas.learn(&report, total);
    Ok(())
}
