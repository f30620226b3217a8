use super::kind::Severity;
use crate::model::clock::{SignedDuration, Timestamp, after};

/// How the log is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// Partitions over which the activities of one organization are spread; each takes about 1,000
    /// a second.
    pub shards: u8,
    /// Days after which activities leave the table, by severity, the least first.
    pub days: [u16; 5],
}

impl Default for RetentionPolicy {
    fn default() -> Self {
        Self { shards: 1, days: [400; 5] }
    }
}

impl RetentionPolicy {
    /// When an activity of this severity leaves the table.
    #[must_use]
    pub fn ends(&self, severity: Severity, at: Timestamp) -> Timestamp {
        let [info, low, normal, high, critical] = self.days;
        let days = match severity {
            Severity::Info => info,
            Severity::Low => low,
            Severity::Normal => normal,
            Severity::High => high,
            Severity::Critical => critical,
        };
        after(at, SignedDuration::from_hours(i64::from(days) * 24))
    }
}
