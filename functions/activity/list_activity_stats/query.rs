use rolecall_domain::activity_stats::{Period, Span};
use rolecall_http::{input, page::PageQuery};

use crate::activity::scope::{Instant, ScopeQuery};

input! {
    /// Which periods, whose, and which page of them.
    pub struct Query as ActivityStatsQuery {
        /// `hour` by default.
        period_type: Option<Period>,
        /// Periods that begin at this instant or later; RFC 3339. An hour, a day or thirty days
        /// when it is missing.
        since: Option<Instant>,
        /// Periods that begin before this instant; RFC 3339.
        until: Option<Instant>,
        .. page: PageQuery,
        .. scope: ScopeQuery,
    }
}

impl Query {
    pub(super) fn period(&self) -> Period {
        self.period_type.unwrap_or(Period::Hour)
    }

    pub(super) fn span(&self) -> Span {
        let [since, until] = [self.since, self.until].map(|at| at.map(|Instant(at)| at));
        Span { since, until }
    }
}
