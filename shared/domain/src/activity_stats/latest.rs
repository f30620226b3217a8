use super::{
    period::Period,
    read::{Span, Statistics, statistics},
};
use crate::{Crypto, Ports, Store, ports::StoreError};

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
