//! Limits a route and network: how often it may fail, sign up, or ask for mail, in a minute.
//!
//! Counted in the table, so that all instances of a function count together, and beside the
//! request, so that counting costs no round trip. An instance that learns that a network is over
//! its limit turns it away until the minute is over, before anything is read or hashed.

use crate::{
    model::{
        activity::Activity,
        client::Client,
        clock::{SignedDuration, after, start_of as window},
        event::Event,
        throttle::{Rule, TooMany},
    },
    ports::{Crypto, Ports, Store, StoreError},
};

/// The period of a network's limits.
const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// Refuses a network that is known to be over its limit.
pub fn check(
    ports: &Ports<impl Store, impl Crypto>,
    rule: Rule,
    client: &Client,
) -> Result<(), TooMany> {
    let now = ports.clock.now();
    match ports.blocked.until(rule, &client.network()) {
        Some(until) if until > now => Err(TooMany(until.duration_since(now))),
        _ => Ok(()),
    }
}

/// Counts one; the first one over the limit is recorded.
pub async fn count(
    ports: &Ports<impl Store, impl Crypto>,
    rule: Rule,
    client: &Client,
) -> Result<Option<TooMany>, StoreError> {
    let (now, network) = (ports.clock.now(), client.network());
    let window = window(now, MINUTE);
    let (counted, most) =
        (ports.store.count_use(rule, network.as_str(), window).await?, rule.most(&ports.settings));
    if counted <= most {
        return Ok(None);
    }
    let until = after(window, MINUTE);
    ports.blocked.set(rule, network, until);
    if counted == most + 1 {
        let activity = Activity::new(ports, Event::RateLimit, client)
            .with("limit", rule.as_str())
            .with("most", most);
        ports.store.record(&activity).await?;
    }
    Ok(Some(TooMany(until.duration_since(now))))
}
