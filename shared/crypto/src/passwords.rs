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

use crate::foreign;

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
        self.run(move |memory| hash(&password, &salt, cost, memory)).await
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
        self.run(move |memory| match stored.as_deref() {
            Some(ours) if is_ours(ours) => check(&password, ours, cost, memory),
            Some(foreign) if foreign::matches(&password, foreign) == Some(true) => {
                Ok(Verdict::Outdated { renewed: Some(hash(&password, &salt, cost, memory)?) })
            }
            _ => check(&password, &nobodys_hash(cost), cost, memory).map(|_| Verdict::Wrong),
        })
        .await
    }

    /// How long it takes to check a hash; `None` where it has no form that can be checked.
    pub async fn time_of_hash(&self, stored: &str) -> Result<Option<Duration>, PasswordError> {
        let stored = stored.to_owned();
        let cost = self.shared.cost;
        self.run(move |memory| {
            let started = Instant::now();
            let is_known = if is_ours(&stored) {
                check("", &stored, cost, memory).map(|_| true)?
            } else {
                foreign::matches("", &stored).is_some()
            };
            Ok(is_known.then(|| started.elapsed()))
        })
        .await
    }
}

fn hash(
    password: &str,
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
    password: &str,
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
    password: &str,
    salt: &Salt,
    params: Params,
    length: usize,
    memory: &mut Memory,
) -> Result<Output, PasswordError> {
    let mut output = vec![0; length];
    memory.resize(params.block_count().max(memory.len()), Block::default());
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut output, memory)
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
mod tests {
    use rolecall_domain::rng::SystemRng;

    use super::*;

    #[tokio::test]
    async fn hashes_are_phc_strings_of_the_agreed_parameters_and_verify() {
        let meter = Arc::new(Meter::default());
        let pool = PasswordPool::new(Arc::new(SystemRng)).metered(Arc::clone(&meter));
        let hash = pool.hash_password("violet-anchor-mosaic").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, pool.hash_password("violet-anchor-mosaic").await.unwrap());
        assert_eq!(
            pool.verify_password("violet-anchor-mosaic", Some(&hash)).await.unwrap(),
            Verdict::Right
        );
        assert_eq!(
            pool.verify_password("violet-anchor-mosaiC", Some(&hash)).await.unwrap(),
            Verdict::Wrong
        );
        assert_eq!(meter.cost().hashes, 4);
    }

    #[tokio::test]
    async fn nobody_costs_one_hash_and_is_never_right() {
        let meter = Arc::new(Meter::default());
        let pool = PasswordPool::new(Arc::new(SystemRng)).metered(Arc::clone(&meter));
        assert_eq!(pool.verify_password("anything", None).await.unwrap(), Verdict::Wrong);
        assert_eq!(meter.cost().hashes, 1);
    }

    #[tokio::test]
    async fn other_parameters_and_other_systems_are_outdated_and_cost_one_hash_right_or_wrong() {
        let meter = Arc::new(Meter::default());
        let pool = PasswordPool::new(Arc::new(SystemRng)).metered(Arc::clone(&meter));
        let weak = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$iXxw2+6M+HpYZ1PGvtSVVKJ\
            xQ1YvW0f5uqU5k9pU5wI";
        assert_eq!(
            pool.verify_password("violet-anchor-mosaic", Some(weak)).await.unwrap(),
            Verdict::Wrong
        );
        let bcrypt = "$2b$04$abcdefghijklmnopqrstuuEZh1jXTSFDbXHBiN2ZyFfVV2Zj0bbfe";
        assert_eq!(
            pool.verify_password("violet-anchor-mosaic", Some(bcrypt)).await.unwrap(),
            Verdict::Wrong
        );
        assert_eq!(meter.cost().hashes, 2);
    }

    #[tokio::test]
    async fn a_hash_that_cannot_be_read_or_asks_for_too_much_is_wrong_at_the_cost_of_one() {
        let meter = Arc::new(Meter::default());
        let pool = PasswordPool::new(Arc::new(SystemRng)).metered(Arc::clone(&meter));
        let greedy = "$argon2id$v=19$m=300000,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$iXxw2+6M+HpYZ1PGvtS\
            VVKJxQ1YvW0f5uqU5k9pU5wI";
        for stored in [
            greedy,
            "$argon2id$v=19$m=19456,t=2,p=1$",
            "$argon2id$v=19$",
            "",
            "!",
            "$argon2id$v=19$m=x$a$b",
        ] {
            assert_eq!(
                pool.verify_password("violet-anchor-mosaic", Some(stored)).await.unwrap(),
                Verdict::Wrong,
                "{stored}"
            );
        }
        assert_eq!(meter.cost().hashes, 6);
        assert!(
            pool.shared.memories.lock().unwrap().iter().all(|memory| memory.len() <= KEPT_BLOCKS)
        );
    }

    #[tokio::test]
    async fn past_the_queue_requests_are_turned_away_and_places_come_back() {
        let pool = PasswordPool::new(Arc::new(SystemRng));
        let places: Vec<_> =
            (0..pool.shared.limit).map(|_| Place::take(&pool.shared).unwrap()).collect();
        assert!(matches!(
            pool.hash_password("violet-anchor-mosaic").await,
            Err(PasswordError::Overloaded)
        ));
        drop(places);
        assert!(pool.hash_password("violet-anchor-mosaic").await.is_ok());
    }
}
