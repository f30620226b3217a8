//! Limits a network: how often it may fail, sign up, or ask for mail, in a minute.
//!
//! Counted in the table, so that all instances of a function count together, and beside the request, so that counting
//! costs no round trip. An instance that learns that a network is over its limit turns it away until the minute is
//! over, before anything is read or hashed.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    Ports,
    activity::{Activity, Event},
    clock::{SignedDuration, Timestamp, after, from_millis},
    ports::StoreError,
    session::{Client, Network},
};

/// The period of every limit.
const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// Networks that are remembered at once; the map starts anew when a flood makes more.
const MOST_BLOCKED: usize = 10_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Refused passwords and tokens.
    Failures,
    /// Sign-ups.
    SignUps,
    /// Password resets asked for.
    Resets,
}

impl Rule {
    /// Its name in keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failures => "failures",
            Self::SignUps => "sign-ups",
            Self::Resets => "resets",
        }
    }

    fn most(self, ports: &Ports) -> u32 {
        match self {
            Self::Failures => ports.settings.network_failures,
            Self::SignUps => ports.settings.network_sign_ups,
            Self::Resets => ports.settings.network_resets,
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
pub fn check(ports: &Ports, rule: Rule, client: &Client) -> Result<(), TooMany> {
    let now = ports.clock.now();
    match ports.blocked.until(rule, &client.network()) {
        Some(until) if until > now => Err(TooMany(until.duration_since(now))),
        _ => Ok(()),
    }
}

/// Counts one; the first one over the limit is recorded.
pub async fn count(ports: &Ports, rule: Rule, client: &Client) -> Result<Option<TooMany>, StoreError> {
    let (now, network) = (ports.clock.now(), client.network());
    let window = window(now);
    let (counted, most) = (ports.limits.count(rule, network.as_str(), window).await?, rule.most(ports));
    if counted <= most {
        return Ok(None);
    }
    let until = after(window, WINDOW);
    ports.blocked.set(rule, network, until);
    if counted == most + 1 {
        let activity = Activity::new(ports, Event::RateLimit, client).with("limit", rule.as_str()).with("most", most);
        ports.activities.record(&activity).await?;
    }
    Ok(Some(TooMany(until.duration_since(now))))
}

fn window(now: Timestamp) -> Timestamp {
    let millis = i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX);
    from_millis(now.as_millisecond().div_euclid(millis) * millis).unwrap_or(now)
}
