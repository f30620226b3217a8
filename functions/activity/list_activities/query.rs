use rolecall_domain::{
    Violation,
    activity::{Category, Filter, Range, Severity, any_type},
    clock::{SignedDuration, Timestamp},
};
use rolecall_http::{
    extract::{self, Fields},
    fields::{Field, List},
    page::PageQuery,
};

use crate::activity::scope::{ScopeQuery, instant};

/// The most hours that are asked for: those of 400 days.
const MOST_HOURS: i64 = 9600;

/// Which activities, whose, and which page of them.
pub(super) struct Query {
    pub(super) page: PageQuery,
    pub(super) scope: ScopeQuery,
    pub(super) filter: Filter,
    pub(super) times: Times,
}

/// The time as it was asked for.
#[derive(Debug)]
pub(super) struct Times {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    hours: Option<i64>,
}

impl Query {
    pub(super) fn range(&self, now: Timestamp) -> Range {
        let hours = self.times.hours.map(|hours| {
            now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN)
        });
        Range { before: None, since: self.times.since.max(hours), until: self.times.until }
    }
}

impl extract::Input for Query {
    const REPEATABLE: &'static [&'static str] = &["category", "severity"];

    fn read(fields: &mut Fields) -> Option<Self> {
        let page = PageQuery::read(fields);
        let scope = ScopeQuery::read(fields);
        let activity_type = fields.optional("activity_type", any_type);
        let categories: Option<Option<List<Category, 0, 9>>> = Field::take(fields, "category");
        let severities: Option<Option<List<Severity, 0, 5>>> = Field::take(fields, "severity");
        let success = fields.optional("success", |text| match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Violation::new("invalid", "`true` or `false`.")),
        });
        let user_id = fields.optional("user_id", |text| {
            text.parse()
                .map_err(|_| Violation::new("invalid_id", "A user id is a lower-case UUID."))
        });
        let tag = fields.optional("tag", |text| Ok(text.to_owned()));
        let since = fields.optional("since", instant);
        let until = fields.optional("until", instant);
        let hours = fields.optional("hours", |text| {
            let wrong = || {
                Violation::new(
                    "out_of_range",
                    format!("A whole number of hours, 1 to {MOST_HOURS}."),
                )
            };
            text.parse().ok().filter(|hours| (1..=MOST_HOURS).contains(hours)).ok_or_else(wrong)
        });
        let filter = Filter {
            activity_type: activity_type?,
            categories: categories?.map_or_else(Vec::new, |List(all)| all),
            severities: severities?.map_or_else(Vec::new, |List(all)| all),
            success: success?,
            user_id: user_id?,
            tag: tag?,
        };
        Some(Self {
            page: page?,
            scope: scope?,
            filter,
            times: Times { since: since?, until: until?, hours: hours? },
        })
    }
}
