//! The one place that reads the clock. Everything else is told what time it is.

pub use jiff::{SignedDuration, Timestamp};

/// Tells the time. Hosts choose: the system's, or one that a developer or a test moves.
pub trait Clock: Send + Sync {
    /// Now, in UTC, cut to milliseconds: the resolution of the API and of the table.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        to_millis(Timestamp::now())
    }
}

/// RFC 3339, UTC, milliseconds, `Z`: how the API writes every instant.
#[must_use]
pub fn rfc3339(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// `at` plus `span`, held at the end of time instead of overflowing.
#[must_use]
pub fn after(at: Timestamp, span: SignedDuration) -> Timestamp {
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}

/// The beginning of the period of this length that holds an instant.
#[must_use]
pub fn start_of(at: Timestamp, period: SignedDuration) -> Timestamp {
    let millis = i64::try_from(period.as_millis()).unwrap_or(i64::MAX).max(1);
    from_millis(at.as_millisecond().div_euclid(millis).saturating_mul(millis)).unwrap_or(at)
}

/// Milliseconds since 1970, back as an instant; `None` outside the calendar.
#[must_use]
pub fn from_millis(millis: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(millis).ok()
}

fn to_millis(at: Timestamp) -> Timestamp {
    from_millis(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_with_three_digits_and_z() {
        assert_eq!(rfc3339(from_millis(0).unwrap()), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(from_millis(1_763_926_706_007).unwrap()), "2025-11-23T19:38:26.007Z");
    }

    #[test]
    fn the_system_clock_tells_whole_milliseconds() {
        let now = SystemClock.now();
        assert_eq!(from_millis(now.as_millisecond()), Some(now));
    }
}
