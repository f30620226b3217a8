//! Failed sign-ins: when to wait, when to lock. Pure rules on one record a sign-in address, whether or not it has an
//! account, so that nothing of them tells who exists.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::network::Network;
use crate::{
    clock::{SignedDuration, Timestamp, after},
    ids::SessionId,
    mail::TokenHash,
};

/// The first wait; it doubles with each further failure.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(5);
/// The longest wait.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);
/// The longest lock, and the one that the hundredth failure brings.
const LONGEST_LOCK: SignedDuration = SignedDuration::from_hours(30 * 24);
/// NIST SP 800-63B §5.2.2: no more consecutive failures than this.
const MOST_FAILURES: u32 = 100;
/// Sources that are remembered, the latest ones; whoever comes from more is met by the account's own counter.
const SOURCES: usize = 8;
/// A source that was quiet for so long starts anew.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

/// The numbers of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginLimits {
    /// Failures of one source before it has to wait.
    pub free_failures: u32,
    /// Failures of the account that lock it, and again as many for each further lock.
    pub lock_failures: u32,
    /// The first lock; each further one is four times as long.
    pub lock: SignedDuration,
}

/// Who tries to sign in, as the counters know them: a network, or a device that has signed in before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    name: String,
    is_known_device: bool,
}

impl Source {
    /// Somebody from a network.
    #[must_use]
    pub fn network(network: &Network) -> Self {
        Self { name: short_hash(b"network", network.as_str().as_bytes()), is_known_device: false }
    }

    /// A device that signed in before, by the session that it got then.
    #[must_use]
    pub fn device(session: SessionId) -> Self {
        Self { name: short_hash(b"device", session.as_bytes()), is_known_device: true }
    }

    /// The name under which it is counted.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

fn short_hash(kind: &[u8], bytes: &[u8]) -> String {
    let hash = Sha256::new().chain_update(kind).chain_update([0]).chain_update(bytes).finalize();
    hash.first_chunk::<9>().map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default()
}

/// The failures of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFailures {
    /// [`Source::name`].
    pub name: String,
    /// How many in a row.
    pub failures: u32,
    /// The last one.
    pub last: Timestamp,
}

/// The failed sign-ins to one address since the last one that worked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempts {
    /// Counts the changes; 0 when nothing is stored.
    pub version: u64,
    /// Consecutive failures, from wherever.
    pub failures: u32,
    /// Locked to unknown devices until then.
    pub locked_until: Option<Timestamp>,
    /// The hash of the token that ends the lock.
    pub unlock: Option<TokenHash>,
    /// The latest sources.
    pub sources: Vec<SourceFailures>,
}

/// What the counters say to somebody who tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// The password may be looked at.
    Open,
    /// Not yet: this long.
    Wait(SignedDuration),
    /// The account is locked to this source: whatever the password, the answer is that of a wrong one.
    Locked,
}

impl Attempts {
    /// What somebody from `source` is told at `now`.
    #[must_use]
    pub fn admission(&self, source: &Source, limits: &LoginLimits, now: Timestamp) -> Admission {
        let own = self.of(source, now);
        if let Some(until) = own.and_then(|own| wait_until(own, limits)).filter(|until| *until > now) {
            return Admission::Wait(until.duration_since(now));
        }
        let is_trusted = source.is_known_device && own.is_none_or(|own| own.failures < limits.lock_failures);
        if self.is_locked(now) && !is_trusted { Admission::Locked } else { Admission::Open }
    }

    /// Whether there is nothing to forget.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.failures == 0 && self.sources.is_empty() && self.locked_until.is_none()
    }

    /// The record of whom everything is forgiven.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self { version: self.version + 1, ..Self::default() }
    }

    /// Whether unknown devices are locked out.
    #[must_use]
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }

    /// One failure more. While the account is locked to `source` only the source's own count moves: nothing was
    /// tried. Tells until when the account is locked if this failure locked it.
    #[must_use]
    pub fn failed(&self, source: &Source, limits: &LoginLimits, now: Timestamp) -> (Self, Option<Timestamp>) {
        let is_tried = self.admission(source, limits, now) != Admission::Locked;
        let mut next = self.clone();
        next.version += 1;
        let own = self.of(source, now).map_or(0, |own| own.failures).saturating_add(1);
        next.sources.retain(|one| one.name != source.name);
        next.sources.insert(0, SourceFailures { name: source.name.clone(), failures: own, last: now });
        next.sources.truncate(SOURCES);
        if !is_tried {
            return (next, None);
        }
        next.failures = next.failures.saturating_add(1);
        let locks = next.failures.is_multiple_of(limits.lock_failures) || next.failures >= MOST_FAILURES;
        if locks {
            next.locked_until = Some(after(now, lock_length(next.failures, limits)));
        }
        (next.clone(), next.locked_until.filter(|_| locks))
    }

    fn of(&self, source: &Source, now: Timestamp) -> Option<&SourceFailures> {
        self.sources.iter().find(|one| one.name == source.name && now.duration_since(one.last) < FORGOTTEN)
    }
}

fn wait_until(own: &SourceFailures, limits: &LoginLimits) -> Option<Timestamp> {
    let over = own.failures.checked_sub(limits.free_failures)?;
    let wait = FIRST_WAIT.checked_mul(1 << over.min(10)).unwrap_or(LONGEST_WAIT);
    Some(after(own.last, wait.min(LONGEST_WAIT)))
}

fn lock_length(failures: u32, limits: &LoginLimits) -> SignedDuration {
    let lock = failures / limits.lock_failures.max(1);
    if failures >= MOST_FAILURES {
        return LONGEST_LOCK;
    }
    let times = 4_i32.checked_pow(lock.saturating_sub(1)).unwrap_or(i32::MAX);
    limits.lock.checked_mul(times).unwrap_or(LONGEST_LOCK).min(LONGEST_LOCK)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::from_millis;

    const LIMITS: LoginLimits = LoginLimits { free_failures: 5, lock_failures: 20, lock: SignedDuration::from_mins(15) };

    fn start() -> Timestamp {
        from_millis(1_800_000_000_000).unwrap()
    }

    fn network(n: u32) -> Source {
        Source::network(&Network::of(Some(&format!("10.0.{}.{}", n / 200, n % 200))))
    }

    fn device() -> Source {
        Source::device(SessionId::from_bytes([1; 16]))
    }

    #[test]
    fn five_failures_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let (mut attempts, mut now) = (Attempts::default(), start());
        let mut waits = Vec::new();
        for _ in 0..16 {
            let wait = match attempts.admission(&network(1), &LIMITS, now) {
                Admission::Wait(wait) => wait.as_secs(),
                _ => 0,
            };
            waits.push(wait);
            now = after(now, SignedDuration::from_secs(wait));
            attempts = attempts.failed(&network(1), &LIMITS, now).0;
        }
        assert_eq!(waits, [0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
        assert_eq!(attempts.admission(&network(2), &LIMITS, now), Admission::Open, "another network does not wait");
    }

    #[test]
    fn twenty_failures_from_wherever_lock_with_an_end_and_a_known_device_is_let_in() {
        let (mut attempts, now) = (Attempts::default(), start());
        let mut locks = Vec::new();
        for n in 0..20 {
            let (next, locked) = attempts.failed(&network(n), &LIMITS, now);
            locks.extend(locked);
            attempts = next;
        }
        assert_eq!(locks, [after(now, SignedDuration::from_mins(15))]);
        assert_eq!(attempts.admission(&network(100), &LIMITS, now), Admission::Locked);
        assert_eq!(attempts.admission(&device(), &LIMITS, now), Admission::Open);
        assert_eq!(attempts.admission(&network(100), &LIMITS, after(now, SignedDuration::from_mins(15))), Admission::Open);
    }

    #[test]
    fn a_device_that_fails_as_often_as_locks_an_account_is_a_stranger_again() {
        let (mut attempts, mut now) = (Attempts::default(), start());
        for _ in 0..20 {
            attempts = attempts.failed(&device(), &LIMITS, now).0;
            now = after(now, SignedDuration::from_mins(15));
        }
        attempts.locked_until = Some(after(now, SignedDuration::from_mins(1)));
        assert_eq!(attempts.admission(&device(), &LIMITS, now), Admission::Locked);
    }

    proptest! {
        #[test]
        fn never_more_than_a_hundred_passwords_are_tried_in_a_month(
            networks in 1u32..400, pauses in proptest::collection::vec(0i64..7200, 1..600),
        ) {
            let (mut attempts, mut now, mut tried) = (Attempts::default(), start(), 0);
            for (n, pause) in (0u32..).zip(pauses) {
                now = after(now, SignedDuration::from_secs(pause));
                let source = network(n % networks);
                match attempts.admission(&source, &LIMITS, now) {
                    Admission::Wait(_) => continue,
                    Admission::Open => tried += 1,
                    Admission::Locked => {}
                }
                attempts = attempts.failed(&source, &LIMITS, now).0;
                prop_assert!(attempts.sources.len() <= SOURCES);
            }
            prop_assert!(tried <= MOST_FAILURES, "{}", tried);
            prop_assert_eq!(attempts.failures, tried);
        }
    }
}
