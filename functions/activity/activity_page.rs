use rolecall_domain::{
    activity::{self, Category, Filter, Range, Readable, Severity, any_type},
    clock::{SignedDuration, Timestamp},
    ids::UserId,
    session::Caller,
};
use rolecall_http::{
    Problem,
    fields::{Flag, List, Whole},
    input,
    page::{self, Page, PageQuery},
    texts,
};

use super::{
    activity_item::Activity,
    scope::{self, Instant, ScopeQuery},
};
use crate::Context;

/// The most hours that are asked for: those of 400 days.
const MOST_HOURS: i64 = 9600;

input! {
    /// Which activities, whose, and which page of them.
    pub struct Query as ActivityQuery {
        /// Of this type.
        activity_type: Option<AnyType>,
        /// Of this category; may be repeated.
        category: Option<List<Category, 0, 9>>,
        /// Of this severity; may be repeated.
        severity: Option<List<Severity, 0, 5>>,
        /// Whether the action succeeded.
        success: Option<Flag>,
        /// Done by this user; for super admins in every organization.
        user_id: Option<UserId>,
        /// Done to this user; for super admins in every organization.
        subject_id: Option<UserId>,
        /// With this tag.
        tag: Option<String>,
        /// From this instant on; RFC 3339.
        since: Option<Instant>,
        /// Before this instant; RFC 3339.
        until: Option<Instant>,
        /// The last so many hours.
        hours: Option<Whole<1, MOST_HOURS>>,
        .. page: PageQuery,
        .. scope: ScopeQuery,
    }
}

/// A type of activities, Rolecall's own or another.
pub(super) struct AnyType(String);

texts! {
    AnyType: |text| any_type(text).map(AnyType),
        { "pattern": "^[a-z][a-z0-9_.-]{0,63}$" };
}

/// The time as it was asked for.
#[derive(Debug)]
struct Times {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    hours: Option<i64>,
}

impl Times {
    fn range(&self, now: Timestamp) -> Range {
        let hours = self.hours.map(|hours| {
            now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN)
        });
        Range { before: None, since: self.since.max(hours), until: self.until }
    }
}

impl Query {
    /// What is asked for, beside whose and which page.
    fn split(self) -> (PageQuery, ScopeQuery, Filter, Times) {
        let filter = Filter {
            activity_type: self.activity_type.map(|AnyType(one)| one),
            categories: self.category.map_or_else(Vec::new, |List(all)| all),
            severities: self.severity.map_or_else(Vec::new, |List(all)| all),
            success: self.success.map(|Flag(success)| success),
            user_id: self.user_id,
            subject_id: self.subject_id,
            tag: self.tag,
        };
        let times = Times {
            since: self.since.map(|Instant(at)| at),
            until: self.until.map(|Instant(at)| at),
            hours: self.hours.map(|Whole(hours)| hours),
        };
        (self.page, self.scope, filter, times)
    }
}

/// A page of those that are asked for.
pub(super) async fn activities(
    ctx: &Context,
    caller: &Caller,
    query: Query,
) -> Result<Page<Activity>, Problem> {
    let (query, whose, filter, times) = query.split();
    let of_user = filter.user_id.or(filter.subject_id).is_some();
    let readable = Readable::of(&ctx.ports, caller, whose.organization(), of_user).await;
    let readable = readable.map_err(scope::problem)?;
    readable.allows(caller, &filter).map_err(scope::problem)?;
    let scope = readable.scope;
    let list = format!("activities {scope:?} {filter:?} {times:?}");
    let before = query.position(ctx, caller, &list).await?;
    let before = before.map(|id| id.parse().map_err(|_| page::invalid_cursor())).transpose()?;
    let range = Range { before, ..times.range(ctx.ports.clock.now()) };
    let found = activity::list(&ctx.ports, &scope, &filter, range, query.limit())
        .await
        .map_err(scope::problem)?;
    let next = found.next.map(|id| id.to_string());
    let next_cursor = page::cursor(ctx, caller, &list, next).await?;
    Ok(Page::new(&query, found.activities.iter().map(Activity::from).collect(), next_cursor))
}
