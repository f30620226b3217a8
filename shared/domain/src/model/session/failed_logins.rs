//! Failed sign-ins: when to wait, when to lock. Pure rules on one record a sign-in address, whether
//! or not it has an account, so that nothing of them tells who exists.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::model::{
    client::Network,
    clock::{SignedDuration, Timestamp, after},
    ids::SessionId,
    token::TokenHash,
};

#[cfg(test)]
mod tests;

/// NIST SP 800-63B §5.2.2 allows 100 consecutive failures an account. Strangers have these, then
/// the longest lock begins with each further one; devices that signed in before have the rest, so
/// that strangers cannot use them up.
pub(crate) const MOST_BY_STRANGERS: u32 = 80;

/// Failures of known devices, taken together, after which they are strangers.
const MOST_BY_DEVICES: u32 = 20;

/// Sources that are remembered, the latest ones: the record stays within a kilobyte, one write
/// unit. Attackers with more networks meet the account's own counter.
const SOURCES: usize = 5;

/// A source that was quiet for so long starts anew.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

/// The numbers of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginLimits {
    /// Failures of one source before it has to wait.
    pub free_failures: u32,
    /// The wait after the first failure that is not free; it doubles with each further one.
    pub wait: SignedDuration,
    pub longest_wait: SignedDuration,
    /// Failures of the account that lock it, and again as many for each further lock.
    pub lock_failures: u32,
    /// The first lock; each further one is four times as long.
    pub lock: SignedDuration,
    /// The longest lock, and the one that strangers' last allowed failure brings.
    pub longest_lock: SignedDuration,
}

/// Who tries to sign in, as the counters know them: a network, or a device that has signed in
/// before.
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

    /// Whether it is a device that signed in before.
    #[must_use]
    pub fn is_known_device(&self) -> bool {
        self.is_known_device
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

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFailures {
    /// [`Source::name`].
    pub name: String,
    /// How many in a row.
    pub failures: u32,
    pub last: Timestamp,
}

/// The failed sign-ins to one address. Who gets in takes back the own failures alone: what
/// strangers did goes on to count, and to wait, so that nobody learns from a wait that is gone when
/// the owner signs in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailedLogins {
    /// Counts the changes; 0 when nothing is stored.
    pub version: u64,
    /// Failures of strangers, from wherever.
    pub failures: u32,
    /// Failures of devices that signed in before.
    pub device_failures: u32,
    /// Locked to unknown devices until then.
    pub locked_until: Option<Timestamp>,
    /// The hash of the token that ends the lock.
    pub unlock: Option<TokenHash>,
    /// When that token was made.
    pub unlock_made_at: Option<Timestamp>,
    pub sources: Vec<SourceFailures>,
}

/// What the counters say to somebody who tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// The password may be looked at.
    Open,
    /// Not yet: this long.
    Wait(SignedDuration),
    /// The account is locked to this source: whatever the password, the answer is that of a wrong
    /// one.
    Locked,
}

impl FailedLogins {
    /// What somebody from `source` is told at `now`.
    #[must_use]
    pub fn admission(&self, source: &Source, limits: &LoginLimits, now: Timestamp) -> Admission {
        let own = self.of(source, now);
        if let Some(until) =
            own.and_then(|own| wait_until(own, limits)).filter(|until| *until > now)
        {
            return Admission::Wait(until.duration_since(now));
        }
        let is_shut =
            if source.is_known_device { !self.trusts_devices() } else { self.is_locked(now) };
        if is_shut { Admission::Locked } else { Admission::Open }
    }

    /// Whether having signed in before still means something.
    #[must_use]
    pub fn trusts_devices(&self) -> bool {
        self.device_failures < MOST_BY_DEVICES
    }

    /// Every failure that counts, for administrators.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.failures.saturating_add(self.device_failures)
    }

    /// Whether unknown devices are locked out.
    #[must_use]
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }

    /// What is left when somebody from `source` got in; `None` when that changes nothing.
    #[must_use]
    pub fn succeeded(&self, source: &Source) -> Option<Self> {
        let mut next = self.clone();
        next.sources.retain(|one| one.name != source.name);
        // Somebody who knows the password may trust the devices again.
        next.device_failures = 0;
        if !source.is_known_device {
            next.failures = self.failures.saturating_sub(self.own(source));
        }
        if next == *self {
            return None;
        }
        next.version += 1;
        Some(next)
    }

    /// The failures that are remembered of a source.
    #[must_use]
    pub fn own(&self, source: &Source) -> u32 {
        self.sources.iter().find(|one| one.name == source.name).map_or(0, |one| one.failures)
    }

    /// Everything forgiven, the lock ended.
    #[must_use]
    pub fn forgiven(&self) -> Self {
        Self { version: self.version + 1, ..Self::default() }
    }

    /// One failure more. While the account is locked to `source` only the source's own count moves:
    /// nothing was tried. Tells until when the account is locked if this failure locked it.
    #[must_use]
    pub fn failed(
        &self,
        source: &Source,
        limits: &LoginLimits,
        now: Timestamp,
    ) -> (Self, Option<Timestamp>) {
        let is_tried = self.admission(source, limits, now) != Admission::Locked;
        let mut next = self.clone();
        next.version += 1;
        let own = self.of(source, now).map_or(0, |own| own.failures).saturating_add(1);
        next.sources.retain(|one| one.name != source.name);
        next.sources
            .insert(0, SourceFailures { name: source.name.clone(), failures: own, last: now });
        next.sources.truncate(SOURCES);
        if is_tried && source.is_known_device {
            next.device_failures = next.device_failures.saturating_add(1);
        } else if is_tried {
            next.failures = next.failures.saturating_add(1);
            if next.failures.is_multiple_of(limits.lock_failures)
                || next.failures >= MOST_BY_STRANGERS
            {
                next.locked_until = Some(after(now, lock_length(next.failures, limits)));
                return (next.clone(), next.locked_until);
            }
        }
        (next, None)
    }

    fn of(&self, source: &Source, now: Timestamp) -> Option<&SourceFailures> {
        self.sources
            .iter()
            .find(|one| one.name == source.name && now.duration_since(one.last) < FORGOTTEN)
    }
}

fn wait_until(own: &SourceFailures, limits: &LoginLimits) -> Option<Timestamp> {
    let over = own.failures.checked_sub(limits.free_failures)?;
    let wait = limits.wait.checked_mul(1 << over.min(10)).unwrap_or(limits.longest_wait);
    Some(after(own.last, wait.min(limits.longest_wait)))
}

fn lock_length(failures: u32, limits: &LoginLimits) -> SignedDuration {
    if failures >= MOST_BY_STRANGERS {
        return limits.longest_lock;
    }
    let lock = failures / limits.lock_failures.max(1);
    let times = 4_i32.checked_pow(lock.saturating_sub(1)).unwrap_or(i32::MAX);
    limits.lock.checked_mul(times).unwrap_or(limits.longest_lock).min(limits.longest_lock)
}
