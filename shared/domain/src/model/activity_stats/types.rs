use std::collections::BTreeMap;

/// So many types of a period are kept, those with most activities; the others are one number.
pub const MOST_TYPES: usize = 100;

/// So many are told apart while a period is counted.
const MOST_COUNTED: usize = 1000;

/// How many activities there were of each type: whoever may track activities names the types, so
/// neither memory nor an item holds more than some of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Types {
    counts: BTreeMap<String, u64>,
    other: u64,
}

impl Types {
    /// Types by name, and the activities of all others.
    #[must_use]
    pub fn new(counts: BTreeMap<String, u64>, other: u64) -> Self {
        Self { counts, other }
    }

    /// One activity more of a type.
    pub fn count(&mut self, activity_type: &str) {
        match self.counts.get_mut(activity_type) {
            Some(count) => *count += 1,
            None => self.add(activity_type, 1),
        }
    }

    /// Those of another part.
    pub fn merge(&mut self, other: &Self) {
        self.other += other.other;
        for (activity_type, count) in &other.counts {
            self.add(activity_type, *count);
        }
    }

    /// As it is kept: the 100 with most activities.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.cut(MOST_TYPES);
        self
    }

    /// Those that are told apart, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(activity_type, count)| (activity_type.as_str(), *count))
    }

    /// The activities of all others.
    #[must_use]
    pub fn other(&self) -> u64 {
        self.other
    }

    /// Those with most activities first, of equals by name; at most so many.
    #[must_use]
    pub fn top(&self, most: usize) -> Vec<(&str, u64)> {
        let mut all: Vec<_> = self.iter().collect();
        all.sort_by_key(|(activity_type, count)| (std::cmp::Reverse(*count), *activity_type));
        all.truncate(most);
        all
    }

    fn add(&mut self, activity_type: &str, count: u64) {
        *self.counts.entry(activity_type.to_owned()).or_default() += count;
        if self.counts.len() > MOST_COUNTED {
            self.cut(MOST_COUNTED / 2);
        }
    }

    fn cut(&mut self, most: usize) {
        if self.counts.len() <= most {
            return;
        }
        let kept: BTreeMap<String, u64> =
            self.top(most).into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
        let [all, some] = [&self.counts, &kept].map(|counts| counts.values().sum::<u64>());
        self.other += all - some;
        self.counts = kept;
    }
}
