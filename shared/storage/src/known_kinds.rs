use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Organization, category, type.
pub(crate) type Kind = [String; 3];

/// Whether an organization's list of a category's types has a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    Listed,
    /// The list is full: the type's activities have entries under their category.
    Unlisted,
}

/// What this process knows of organizations' logs: the kinds of activities, and the hours in which
/// something happened. Of what it does not know it tells the stream.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownKinds(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    kinds: HashMap<String, Listing>,
    /// Kinds that were recorded and are to be looked up.
    wanted: BTreeSet<Kind>,
    /// Hours of which the stream was told, and calls of the API.
    told: HashSet<String>,
    /// Hours that are noted in the table.
    noted: HashSet<String>,
}

/// Forgets all when there are more.
const MOST: usize = 10_000;

impl KnownKinds {
    fn known(&self) -> MutexGuard<'_, Known> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.kinds.len() + known.wanted.len() + known.told.len() + known.noted.len() >= MOST {
            *known = Known::default();
        }
        known
    }

    /// What is known of the activities of this organization, category and type. Where a list is
    /// full, whatever is not in it is unlisted: then it has an entry without a type here.
    pub(crate) fn listing(&self, kind: [&str; 3]) -> Option<Listing> {
        let [organization, category, _] = kind;
        let known = self.known();
        let of = |kind: [&str; 3]| known.kinds.get(&kind.join("#")).copied();
        of(kind).or_else(|| of([organization, category, ""]))
    }

    pub(crate) fn learn(&self, kind: [&str; 3], listing: Listing) {
        self.known().kinds.insert(kind.join("#"), listing);
    }

    /// That a kind is to be looked up.
    pub(crate) fn want(&self, kind: [&str; 3]) {
        self.known().wanted.insert(kind.map(str::to_owned));
    }

    /// What is to be looked up, from now on by whoever asks.
    pub(crate) fn wanted(&self) -> BTreeSet<Kind> {
        std::mem::take(&mut self.known().wanted)
    }

    /// Whether the stream was told of this.
    pub(crate) fn was_told(&self, what: &str) -> bool {
        self.known().told.contains(what)
    }

    pub(crate) fn tell(&self, what: String) {
        self.known().told.insert(what);
    }

    /// Whether an hour is noted, by its key.
    pub(crate) fn is_noted(&self, hour: &str) -> bool {
        self.known().noted.contains(hour)
    }

    pub(crate) fn note(&self, hour: String) {
        self.known().noted.insert(hour);
    }
}
