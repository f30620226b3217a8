use std::{
    collections::BTreeMap,
    hash::{BuildHasherDefault, DefaultHasher},
};

use hyperloglockless::HyperLogLog;
use sha2::{Digest, Sha256};

use crate::model::ids::UserId;

/// So many different users are counted exactly; more of them are estimated.
const EXACT: usize = 10_000;

/// 4096 registers: a standard error of 1.6 % (Flajolet et al., 2007).
const PRECISION: u8 = 12;

type Sketch = HyperLogLog<BuildHasherDefault<DefaultHasher>>;

/// Who did how much. Up to 10,000 users exactly; of more, how many there are is an estimate, and
/// who did most is taken from those that did most in each part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Users {
    counts: BTreeMap<[u8; 16], u64>,
    /// Registers of everybody, where some are no longer in `counts`.
    registers: Option<Box<[u8]>>,
}

impl Users {
    #[must_use]
    pub fn new(
        counts: impl IntoIterator<Item = (UserId, u64)>,
        registers: Option<Box<[u8]>>,
    ) -> Self {
        let counts = counts.into_iter().map(|(user, count)| (*user.as_bytes(), count)).collect();
        Self { counts, registers: registers.filter(|registers| registers.len() == 1 << PRECISION) }
    }

    /// One activity more of a user.
    pub fn count(&mut self, user: UserId) {
        *self.counts.entry(*user.as_bytes()).or_default() += 1;
        self.bound();
    }

    /// Those of another part.
    pub fn merge(&mut self, other: &Self) {
        for (user, count) in &other.counts {
            *self.counts.entry(*user).or_default() += count;
        }
        if let Some(theirs) = &other.registers {
            let mut both = sketch(self.registers.take());
            // Of one length: `new` takes no other.
            if both.union(&sketch(Some(theirs.clone()))).is_ok() {
                self.registers = Some(both.parts().0.into());
            }
        }
        self.bound();
    }

    /// Memory has a bound while a period is counted, too.
    fn bound(&mut self) {
        if self.counts.len() > 2 * EXACT {
            *self = std::mem::take(self).kept();
        }
    }

    /// As it is kept: at most 10,000 users, those that did most.
    #[must_use]
    pub fn kept(mut self) -> Self {
        if self.registers.is_none() && self.counts.len() <= EXACT {
            return self;
        }
        self.registers = Some(self.sketched().parts().0.into());
        if self.counts.len() > EXACT {
            let most = self.by_count().into_iter().take(EXACT);
            self.counts = most.map(|(user, count)| (*user.as_bytes(), count)).collect();
        }
        self
    }

    /// How many there are.
    #[must_use]
    pub fn unique(&self) -> u64 {
        if self.registers.is_none() && self.counts.len() <= EXACT {
            return self.counts.len() as u64;
        }
        self.sketched().count() as u64
    }

    /// Those who did most, first; of equals the one who came first.
    #[must_use]
    pub fn top(&self, most: usize) -> Vec<(UserId, u64)> {
        let mut all = self.by_count();
        all.truncate(most);
        all
    }

    /// Everybody that is known by name, and the registers of everybody, where there are more.
    #[must_use]
    pub fn parts(&self) -> (Vec<(UserId, u64)>, Option<&[u8]>) {
        let counts = self.counts.iter().map(|(user, count)| (UserId::from_bytes(*user), *count));
        (counts.collect(), self.registers.as_deref())
    }

    fn by_count(&self) -> Vec<(UserId, u64)> {
        let mut all: Vec<_> = self.counts.iter().collect();
        all.sort_by_key(|(user, count)| (std::cmp::Reverse(**count), **user));
        all.into_iter().map(|(user, count)| (UserId::from_bytes(*user), *count)).collect()
    }

    fn sketched(&self) -> Sketch {
        let mut sketch = sketch(self.registers.clone());
        for user in self.counts.keys() {
            // Parts of an id are times: the sketch needs bits that are all alike.
            let hash = Sha256::digest(user);
            sketch
                .insert_hash(hash.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes)));
        }
        sketch
    }
}

/// A sketch of these registers, or an empty one. Its sum is one of powers of two, exact in every
/// order.
fn sketch(registers: Option<Box<[u8]>>) -> Sketch {
    let mut sketch = Sketch::with_hasher(PRECISION, BuildHasherDefault::default());
    if let Some(registers) = registers {
        let zeros = registers.len() - registers.iter().filter(|register| **register > 0).count();
        let sum = registers.iter().map(|register| 0.5_f64.powi(i32::from(*register))).sum();
        sketch = Sketch::from_parts(registers, BuildHasherDefault::default(), zeros, sum);
    }
    sketch
}
