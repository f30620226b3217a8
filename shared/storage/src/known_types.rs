use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

/// The kinds of activities that this process has recorded: the first of each tells the stream of
/// itself, so that lists by category know which types there are without another write of every
/// activity.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownTypes(Arc<Mutex<HashSet<String>>>);

/// Forgets all when there are more: a kind may be announced again.
const MOST: usize = 10_000;

impl KnownTypes {
    /// Whether an activity of this organization, category and type was written.
    pub(crate) fn contains(&self, kind: [&str; 3]) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&kind.join("#"))
    }

    pub(crate) fn insert(&self, kind: [&str; 3]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(kind.join("#"));
    }
}
