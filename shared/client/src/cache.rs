use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};

/// The most decisions that are kept; when there are more, old ones are dropped, or all.
const CAPACITY: usize = 10_000;

/// What a decision is kept under: a hash of the token, and the body that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CacheKey {
    token: [u8; 32],
    question: String,
}

impl CacheKey {
    pub(crate) fn new(token: &str, question: &serde_json::Value) -> Self {
        Self { token: Sha256::digest(token).into(), question: question.to_string() }
    }
}

/// Decisions of permission checks, each for `max_age`.
pub(crate) struct DecisionCache {
    max_age: Duration,
    kept: Mutex<HashMap<CacheKey, (bool, Instant)>>,
}

impl DecisionCache {
    pub(crate) fn new(max_age: Duration) -> Self {
        Self { max_age, kept: Mutex::default() }
    }

    pub(crate) fn get(&self, key: &CacheKey, now: Instant) -> Option<bool> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (allowed, at) = kept.get(key)?;
        self.is_young(*at, now).then_some(*allowed)
    }

    /// Keeps a decision that was asked for at `asked_at`.
    pub(crate) fn insert(&self, key: CacheKey, allowed: bool, asked_at: Instant) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= CAPACITY {
            kept.retain(|_, (_, at)| self.is_young(*at, asked_at));
        }
        if kept.len() >= CAPACITY {
            kept.clear();
        }
        kept.insert(key, (allowed, asked_at));
    }

    fn is_young(&self, at: Instant, now: Instant) -> bool {
        now.saturating_duration_since(at) < self.max_age
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key(token: &str, code: &str) -> CacheKey {
        CacheKey::new(token, &json!({ "permission": code }))
    }

    #[test]
    fn a_decision_is_of_one_token_and_one_question_and_ends() {
        let (cache, now) = (DecisionCache::new(Duration::from_mins(1)), Instant::now());
        cache.insert(key("a", "pid.create"), true, now);
        assert_eq!(cache.get(&key("a", "pid.create"), now), Some(true));
        assert_eq!(cache.get(&key("b", "pid.create"), now), None);
        assert_eq!(cache.get(&key("a", "pid.read"), now), None);
        let later = now + Duration::from_mins(1);
        assert_eq!(cache.get(&key("a", "pid.create"), later), None);
    }

    #[test]
    fn it_stays_within_its_capacity() {
        let (cache, now) = (DecisionCache::new(Duration::from_mins(1)), Instant::now());
        for number in 0..=CAPACITY {
            cache.insert(key("a", &number.to_string()), true, now);
        }
        assert_eq!(cache.kept.lock().unwrap().len(), 1);
    }
}
