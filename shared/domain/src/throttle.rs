//! Limits a route and network: how often it may fail, sign up, or ask for mail, in a minute; and
//! how much mail an address gets that strangers can ask for.
//!
//! Counted in the table, so that all instances of a function count together, and beside the
//! request, so that counting costs no round trip. An instance that learns that a network is over
//! its limit turns it away until the minute is over, before anything is read or hashed.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    Crypto, Ports, Process, Store,
    account::Email,
    activity::{Activity, Event},
    clock::{SignedDuration, Timestamp, after, from_millis},
    ports::StoreError,
    session::{Client, Network},
};

/// The period of a network's limits.
const MINUTE: SignedDuration = SignedDuration::from_secs(60);
/// The period of an address's limit.
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Networks that are remembered at once; the map starts anew when a flood makes more.
const MOST_BLOCKED: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    Logins,
    /// Refresh tokens that are not ours.
    Tokens,
    /// Mailed tokens that are not good.
    Links,
    SignUps,
    /// Password resets asked for.
    Resets,
    /// Mails to an address that somebody typed, in an hour.
    Mails,
}

impl Rule {
    /// Its name in keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Logins => "logins",
            Self::Tokens => "tokens",
            Self::Links => "links",
            Self::SignUps => "sign-ups",
            Self::Resets => "resets",
            Self::Mails => "mails",
        }
    }

    fn most(self, process: &Process) -> u32 {
        match self {
            Self::Logins | Self::Tokens | Self::Links => process.settings.network_failures,
            Self::SignUps => process.settings.network_sign_ups,
            Self::Resets => process.settings.network_resets,
            Self::Mails => process.settings.address_mails,
        }
    }
}

/// Try again after this long (429).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests")]
pub struct TooMany(pub SignedDuration);

/// The networks that a process turns away, each until its time.
#[derive(Debug, Default)]
pub struct Blocked(Mutex<HashMap<(Rule, Network), Timestamp>>);

impl Blocked {
    fn until(&self, rule: Rule, network: &Network) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(rule, network.clone())).copied()
    }

    fn set(&self, rule: Rule, network: Network, until: Timestamp) {
        let mut blocked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if blocked.len() >= MOST_BLOCKED {
            blocked.clear();
        }
        blocked.insert((rule, network), until);
    }
}

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
        (ports.store.count_use(rule, network.as_str(), window).await?, rule.most(ports));
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

/// Counts a mail to an address that somebody typed: whether it may go out. Nobody but its owner can
/// tell.
pub(crate) async fn may_mail(
    ports: &Ports<impl Store, impl Crypto>,
    to: &Email,
) -> Result<bool, StoreError> {
    let counted =
        ports.store.count_use(Rule::Mails, to.key(), window(ports.clock.now(), HOUR)).await?;
    Ok(counted <= Rule::Mails.most(ports))
}

fn window(now: Timestamp, period: SignedDuration) -> Timestamp {
    let millis = i64::try_from(period.as_millis()).unwrap_or(i64::MAX);
    from_millis(now.as_millisecond().div_euclid(millis) * millis).unwrap_or(now)
}
