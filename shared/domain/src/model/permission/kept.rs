use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::{catalogue::Catalogue, roles::OwnRoles};
use crate::model::organization::LogKey;

/// Of how many organizations a process keeps the own roles.
const MOST_KEPT: usize = 64;

/// The catalogue that a process keeps, under the versions that it was read at.
#[derive(Debug, Default)]
pub struct KeptCatalogue {
    shared: RwLock<Option<Arc<Catalogue>>>,
    own: RwLock<HashMap<LogKey, KeptRoles>>,
}

/// The own roles of an organization, alone and over the catalogue.
#[derive(Debug)]
struct KeptRoles {
    alone: Arc<OwnRoles>,
    over: Arc<Catalogue>,
}

impl KeptCatalogue {
    /// The shared one of this version or a later one, if it is kept.
    #[must_use]
    pub fn at(&self, version: u64) -> Option<Arc<Catalogue>> {
        let kept = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|catalogue| catalogue.version >= version).map(Arc::clone)
    }

    /// Keeps a shared one, unless a newer one is kept.
    pub fn keep(&self, catalogue: &Arc<Catalogue>) {
        let mut kept = self.shared.write().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|older| older.version < catalogue.version) {
            *kept = Some(Arc::clone(catalogue));
        }
    }

    /// The own roles of this version or a later one over a shared catalogue, if they are kept.
    #[must_use]
    pub fn own_at(
        &self,
        shared: &Catalogue,
        organization: &LogKey,
        version: u64,
    ) -> Option<Arc<Catalogue>> {
        let alone = {
            let kept = self.own.read().unwrap_or_else(PoisonError::into_inner);
            let found = kept.get(organization).filter(|kept| kept.alone.version >= version)?;
            if found.over.version == shared.version {
                return Some(Arc::clone(&found.over));
            }
            Arc::clone(&found.alone)
        };
        Some(self.keep_own(shared, alone))
    }

    /// Keeps own roles, and answers them over a shared catalogue.
    pub fn keep_own(&self, shared: &Catalogue, alone: Arc<OwnRoles>) -> Arc<Catalogue> {
        let over = Arc::new(shared.with_own(&alone));
        let mut kept = self.own.write().unwrap_or_else(PoisonError::into_inner);
        let is_older =
            kept.get(&alone.organization).is_some_and(|newer| newer.alone.version > alone.version);
        if !is_older {
            if kept.len() >= MOST_KEPT {
                kept.clear();
            }
            let organization = alone.organization.clone();
            kept.insert(organization, KeptRoles { alone, over: Arc::clone(&over) });
        }
        over
    }
}
