//! `GET /api/v1/activity-streams/{id}`: one entry of the feed.

use rolecall_domain::feed::{self, Lens};
use rolecall_http::{Answer, Code, Context, Problem, Request, extract, guard, openapi::Doc};

use super::{
    feed_entry::{self as shown, FeedEntry},
    scope::{self, ScopeQuery},
};

/// Answers it to whoever may see it.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let caller = guard::signed_in(&ctx, &request).await?;
    let ScopeQuery { organization } = extract::query(&request)?;
    let lens = Lens::of(&ctx.ports, &caller, organization.as_deref())
        .await
        .map_err(scope::problem)?;
    let missing = || Problem::new(Code::NotFound, "There is nothing here.");
    let id = extract::last_segment(&request)
        .parse()
        .map_err(|_| missing())?;
    let found = feed::find(&ctx.ports, &lens, id)
        .await
        .map_err(scope::problem)?;
    shown::shown(&found.ok_or_else(missing)?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "One entry of the feed",
        "Of the caller's organization; a super admin may ask for another one, and for `*`.",
    )
    .query(
        "organization",
        "Another organization, or `*`; for super admins.",
    )
    .answer::<FeedEntry>(200, "The entry.", shown::example())
    .errors(&[Code::NotFound, Code::Forbidden])
}
