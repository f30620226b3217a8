use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread::available_parallelism,
    time::{Duration, Instant},
};

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::phc::{Output, ParamsString, Salt},
};
use rolecall_domain::{
    meter::Meter,
    ports::{PasswordError, Verdict},
    rng::{self, Rng},
};
use tokio::sync::Semaphore;

use crate::foreign::{FastDigest, ForeignHash, Work, WrappedDigest};

/// What a hash costs: memory in KiB, and how often Argon2id goes through it. There is one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// `m`.
    pub memory_kib: u32,
    /// `t`.
    pub passes: u32,
}

impl Cost {
    /// OWASP's Password Storage Cheat Sheet: Argon2id, m = 19 MiB, t = 2, p = 1.
    pub const OWASP: Self = Self { memory_kib: 19_456, passes: 2 };

    fn params(self) -> Result<Params, PasswordError> {
        Params::new(self.memory_kib, self.passes, LANES, None).map_err(|error| failed(&error))
    }
}

const LANES: u32 = 1;
/// What a new hash begins with, whatever its parameters.
const OURS: &str = "$argon2id$v=19$";
/// What a hash of another time or place may ask for.
const MOST_MEMORY_KIB: u32 = 262_144;
const MOST_PASSES: u32 = 16;
const MOST_LANES: u32 = 16;
/// Requests that may wait for their turn: about a second of work on two cores, and less on more.
const MOST_WAITING: usize = 128;
/// Systems have one kind of hash each, or a few from over the years.
const MOST_TIMINGS: usize = 64;
/// A check that seems to take longer is timed again.
const TIME_AGAIN: Duration = Duration::from_secs(1);
/// Blocks of 1 KiB of the memory that is kept for the next hash.
const KEPT_BLOCKS: usize = Cost::OWASP.memory_kib as usize;

/// Argon2id on blocking threads: at most as many at once as there are cores, and a bounded queue
/// before them.
#[derive(Clone)]
pub struct PasswordPool {
    shared: Arc<Shared>,
    meter: Arc<Meter>,
}

struct Shared {
    rng: Arc<dyn Rng>,
    cost: Cost,
    turns: Semaphore,
    waiting: AtomicUsize,
    limit: usize,
    /// Used again and again: 19 MiB from the allocator for every hash would be returned late, if
    /// ever.
    memories: Mutex<Vec<Memory>>,
    /// What hashes of other systems took to check, latest first.
    timings: Mutex<Vec<(Work, Duration)>>,
}

/// Argon2's working memory.
type Memory = Vec<Block>;

impl PasswordPool {
    /// A pool as wide as the machine has cores; salts come from `rng`.
    #[must_use]
    pub fn new(rng: Arc<dyn Rng>) -> Self {
        Self::with_cost(Cost::OWASP, rng)
    }

    /// The same for tests whose point is not the password.
    #[must_use]
    pub fn with_cost(cost: Cost, rng: Arc<dyn Rng>) -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        let shared = Shared {
            rng,
            cost,
            turns: Semaphore::new(cores),
            waiting: AtomicUsize::new(0),
            limit: cores + MOST_WAITING,
            memories: Mutex::default(),
            timings: Mutex::default(),
        };
        Self { shared: Arc::new(shared), meter: Arc::default() }
    }

    /// The same pool, counting for one request.
    #[must_use]
    pub fn metered(&self, meter: Arc<Meter>) -> Self {
        Self { shared: Arc::clone(&self.shared), meter }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _place = Place::take(&self.shared).ok_or(PasswordError::Overloaded)?;
        let asked = Instant::now();
        let _turn = self.shared.turns.acquire().await.map_err(|error| failed(&error))?;
        self.meter.hashed(asked.elapsed());
        let shared = Arc::clone(&self.shared);
        let on_its_thread = move || {
            let memories = || shared.memories.lock().unwrap_or_else(PoisonError::into_inner);
            let mut memory = memories().pop().unwrap_or_default();
            let done = work(&mut memory);
            if memory.len() <= KEPT_BLOCKS {
                memories().push(memory);
            }
            done
        };
        tokio::task::spawn_blocking(on_its_thread).await.map_err(|error| failed(&error))?
    }
}

/// A place in the queue, given back when the request is done or gone.
struct Place<'a>(&'a Shared);

impl<'a> Place<'a> {
    fn take(shared: &'a Shared) -> Option<Self> {
        let place = Self(shared);
        (shared.waiting.fetch_add(1, Ordering::Relaxed) < shared.limit).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// On hashes that are not sealed.
impl PasswordPool {
    /// A PHC string with a new random salt.
    pub async fn hash_password(&self, password: &str) -> Result<String, PasswordError> {
        let password = password.to_owned();
        let (salt, cost) = (rng::bytes::<16>(self.shared.rng.as_ref()), self.shared.cost);
        self.run(move |memory| hash(password.as_bytes(), &salt, cost, memory)).await
    }

    /// Whether the password is that of a hash. Without one it costs the same and says no.
    pub async fn verify_password(
        &self,
        password: &str,
        stored: Option<&str>,
    ) -> Result<Verdict, PasswordError> {
        let password = password.to_owned();
        let stored = stored.map(str::to_owned);
        let (salt, cost) = (rng::bytes::<16>(self.shared.rng.as_ref()), self.shared.cost);
        self.run(move |memory| {
            let password = password.as_bytes();
            let stored = stored.as_deref().unwrap_or_default();
            if is_ours(stored) {
                return check(password, stored, cost, memory);
            }
            let wrapped = WrappedDigest::parse(stored).filter(|one| is_ours(one.argon2id));
            if let Some(wrapped) = wrapped
                && let Some(digest) = wrapped.digest(password)
            {
                let verdict = check(&digest, wrapped.argon2id, cost, memory)?;
                let outdated = Verdict::Outdated { renewed: None };
                return Ok(if verdict.is_right() { outdated } else { Verdict::Wrong });
            }
            let foreign = ForeignHash::parse(stored);
            if foreign.and_then(|foreign| foreign.matches(password)) == Some(true) {
                return Ok(Verdict::Outdated {
                    renewed: Some(hash(password, &salt, cost, memory)?),
                });
            }
            check(password, &nobodys_hash(cost), cost, memory).map(|_| Verdict::Wrong)
        })
        .await
    }

    /// How long it takes to check a hash; `None` where it has no form that can be checked. Of
    /// hashes that cost the same one is timed.
    pub async fn time_of_hash(&self, stored: &str) -> Result<Option<Duration>, PasswordError> {
        if FastDigest::parse(stored).is_some() {
            // Wrapped, it takes the one Argon2 that every sign-in takes.
            return Ok(Some(Duration::ZERO));
        }
        let Some(foreign) = ForeignHash::parse(stored) else { return Ok(None) };
        let work = foreign.work();
        let timings = || self.shared.timings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, time)) = timings().iter().find(|(known, _)| *known == work) {
            return Ok(Some(*time));
        }
        let (stored, cost) = (stored.to_owned(), self.shared.cost);
        let timed = self.run(move |memory| {
            let mut measure = || {
                let started = Instant::now();
                let is_known = if is_ours(&stored) {
                    check(b"", &stored, cost, memory).map(|_| true)?
                } else {
                    foreign.matches(b"").is_some()
                };
                Ok::<_, PasswordError>(is_known.then(|| started.elapsed()))
            };
            match measure()? {
                // It may have been the machine.
                Some(time) if time > TIME_AGAIN => Ok(measure()?.map(|again| again.min(time))),
                time => Ok(time),
            }
        });
        let time = timed.await?;
        if let Some(time) = time {
            let mut timings = timings();
            timings.truncate(MOST_TIMINGS - 1);
            timings.insert(0, (work, time));
        }
        Ok(time)
    }

    /// A hash of another system as it is to be stored: one that is fast to try in Argon2id.
    pub async fn wrap(&self, stored: &str) -> Result<String, PasswordError> {
        let Some(fast) = FastDigest::parse(stored) else { return Ok(stored.to_owned()) };
        let (salt, cost) = (rng::bytes::<16>(self.shared.rng.as_ref()), self.shared.cost);
        self.run(move |memory| Ok(fast.wrapped_in(&hash(fast.bytes(), &salt, cost, memory)?))).await
    }
}

fn hash(
    password: &[u8],
    salt: &[u8],
    cost: Cost,
    memory: &mut Memory,
) -> Result<String, PasswordError> {
    let params = cost.params()?;
    let salt = Salt::new(salt).map_err(|error| failed(&error))?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|error| failed(&error))?,
        hash: Some(digest(password, &salt, params, Params::DEFAULT_OUTPUT_LEN, memory)?),
        salt: Some(salt),
    };
    Ok(hash.to_string())
}

/// Whether it is an Argon2id hash that can be read and asks for no more work than a function has.
/// Any other one is nobody's password: an error would tell that there is an account.
fn is_ours(stored: &str) -> bool {
    let readable = PasswordHash::new(stored)
        .ok()
        .filter(|hash| stored.starts_with(OURS) && hash.salt.is_some() && hash.hash.is_some());
    let params = readable.and_then(|hash| Params::try_from(&hash).ok());
    params.is_some_and(|params| {
        params.m_cost() <= MOST_MEMORY_KIB
            && params.t_cost() <= MOST_PASSES
            && params.p_cost() <= MOST_LANES
    })
}

/// Compares in constant time ([`Output`]'s `==`), with the parameters of the stored hash.
fn check(
    password: &[u8],
    stored: &str,
    cost: Cost,
    memory: &mut Memory,
) -> Result<Verdict, PasswordError> {
    let stored = PasswordHash::new(stored).map_err(|error| failed(&error))?;
    let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else {
        return Err(PasswordError::Failed("a stored hash has no salt or no output".to_owned()));
    };
    let params = Params::try_from(&stored).map_err(|error| failed(&error))?;
    let is_current = [params.m_cost(), params.t_cost(), params.p_cost()]
        == [cost.memory_kib, cost.passes, LANES];
    Ok(match digest(password, &salt, params, expected.len(), memory)? == expected {
        false => Verdict::Wrong,
        true if is_current => Verdict::Right,
        true => Verdict::Outdated { renewed: None },
    })
}

fn digest(
    password: &[u8],
    salt: &Salt,
    params: Params,
    length: usize,
    memory: &mut Memory,
) -> Result<Output, PasswordError> {
    let mut output = vec![0; length];
    memory.resize(params.block_count().max(memory.len()), Block::default());
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password, salt, &mut output, memory)
        .map_err(|error| failed(&error))?;
    Output::new(&output).map_err(|error| failed(&error))
}

/// A well-formed hash of the same cost, for addresses that nobody has; made without running Argon2,
/// so that no request pays for two.
fn nobodys_hash(Cost { memory_kib, passes }: Cost) -> String {
    let (salt, output) = ("A".repeat(22), "A".repeat(43));
    format!("$argon2id$v=19$m={memory_kib},t={passes},p={LANES}${salt}${output}")
}

fn failed(error: &dyn std::error::Error) -> PasswordError {
    PasswordError::Failed(error.to_string())
}

#[cfg(test)]
mod tests;
