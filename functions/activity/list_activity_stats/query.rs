use rolecall_domain::activity_stats::{Period, Span};
use rolecall_http::{
    extract::{self, Fields},
    page::PageQuery,
};

use crate::activity::scope::{ScopeQuery, instant};

/// Which periods, whose, and which page of them.
pub(super) struct Query {
    pub(super) page: PageQuery,
    pub(super) scope: ScopeQuery,
    pub(super) period: Period,
    pub(super) span: Span,
}

impl extract::Input for Query {
    fn read(fields: &mut Fields) -> Option<Self> {
        let page = PageQuery::read(fields);
        let scope = ScopeQuery::read(fields);
        let period = fields.optional("period_type", Period::parse);
        let since = fields.optional("since", instant);
        let until = fields.optional("until", instant);
        let span = Span { since: since?, until: until? };
        Some(Self { page: page?, scope: scope?, period: period?.unwrap_or(Period::Hour), span })
    }
}
