use super::tally::Tally;
use crate::model::{clock::Timestamp, ids::UserId};

/// The log of all organizations together.
pub const EVERYTHING: &str = "*";

/// The statistics of one closed period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    pub start: Timestamp,
    /// The counts, without everybody in them.
    pub tally: Tally,
    /// Who did most, first; at most ten.
    pub top: Vec<(UserId, u64)>,
    /// How many different users did something.
    pub unique: u64,
}

impl Statistics {
    /// Of a whole tally.
    #[must_use]
    pub fn of(start: Timestamp, tally: &Tally) -> Self {
        let (top, unique) = (tally.users.top(10), tally.users.unique());
        let counts = Tally { users: super::Users::default(), ..tally.clone() };
        Self { start, tally: counts, top, unique }
    }

    /// Of a period in which nothing happened.
    #[must_use]
    pub fn empty(start: Timestamp) -> Self {
        Self { start, ..Self::default() }
    }
}
