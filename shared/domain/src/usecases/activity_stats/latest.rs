use super::read::{Span, statistics};
use crate::{
    model::activity_stats::{Period, Statistics},
    ports::{Crypto, Ports, Store, StoreError},
};

/// The last closed period of each length, the shortest first; none where none was counted yet.
pub async fn latest(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
) -> Result<[Option<Statistics>; 3], StoreError> {
    let last = |period| statistics(ports, organization, period, Span::default(), None, 1);
    let [minute, hour, day] = Period::ALL.map(last);
    let (minute, hour, day) = futures::try_join!(minute, hour, day)?;
    Ok([minute, hour, day].map(|page| page.items.into_iter().next()))
}
