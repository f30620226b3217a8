//! Where the keys act that a process has seen.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use rolecall_domain::{code::Code, ids::ApiKeyId};

/// So many are remembered; then it begins anew.
const MOST: usize = 10_000;

/// The organization of each key: it never changes, so nothing here is ever out of date.
#[derive(Clone, Default)]
pub(crate) struct KeyPlaces(Arc<Mutex<HashMap<[u8; 16], Code>>>);

impl KeyPlaces {
    pub(crate) fn of(&self, key: ApiKeyId) -> Option<Code> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key.as_bytes()).cloned()
    }

    pub(crate) fn keep(&self, key: ApiKeyId, organization: &Code) {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= MOST {
            places.clear();
        }
        places.insert(*key.as_bytes(), organization.clone());
    }
}
