use std::ops::{Deref, DerefMut};

use crate::model::{clock::Timestamp, code::Code};

/// Something that administrators keep under a code, with its fields, in versions. It reads like
/// the fields themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<F> {
    pub code: Code,
    pub fields: F,
    /// Counts the changes; the `ETag`.
    pub version: u64,
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl<F> Versioned<F> {
    /// The first version.
    #[must_use]
    pub fn new(code: Code, fields: F, now: Timestamp) -> Self {
        Self { code, fields, version: 1, created_at: now, updated_at: now }
    }
}

impl<F: Clone + PartialEq> Versioned<F> {
    /// The next version, with other fields; the same one if none of them changes.
    #[must_use]
    pub fn changed(&self, change: impl FnOnce(&mut F), now: Timestamp) -> Self {
        let mut after = self.clone();
        change(&mut after.fields);
        if after.fields != self.fields {
            after.version += 1;
            after.updated_at = now;
        }
        after
    }
}

impl<F> Deref for Versioned<F> {
    type Target = F;

    fn deref(&self) -> &F {
        &self.fields
    }
}

impl<F> DerefMut for Versioned<F> {
    fn deref_mut(&mut self) -> &mut F {
        &mut self.fields
    }
}
