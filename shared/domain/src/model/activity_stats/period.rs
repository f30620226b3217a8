use crate::model::{
    clock::{SignedDuration, Timestamp, after},
    violation::Violation,
};

/// A length of time that statistics are made for. All begin in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// 24 hours.
    Day,
}

impl Period {
    /// Every period, the shortest first.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    /// Its name in the API and in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// The period of that name. Error: `unknown_period`.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        let known = Self::ALL.into_iter().find(|period| period.as_str() == name);
        known.ok_or_else(|| Violation::new("unknown_period", "One of: minute, hour, day."))
    }

    /// How long it is.
    #[must_use]
    pub fn length(self) -> SignedDuration {
        SignedDuration::from_secs(self.seconds())
    }

    fn seconds(self) -> i64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3600,
            Self::Day => 24 * 3600,
        }
    }

    /// The beginning of the one that holds an instant.
    #[must_use]
    pub fn start(self, at: Timestamp) -> Timestamp {
        let second = at.as_second();
        Timestamp::from_second(second - second.rem_euclid(self.seconds())).unwrap_or(Timestamp::MIN)
    }

    /// The beginning of the one after the one that begins at `start`.
    #[must_use]
    pub fn next(self, start: Timestamp) -> Timestamp {
        after(start, self.length())
    }

    /// The beginning of the one before the one that begins at `start`.
    #[must_use]
    pub fn previous(self, start: Timestamp) -> Timestamp {
        start.checked_sub(self.length()).unwrap_or(Timestamp::MIN)
    }
}
