//! `GET /api/v1/activities/{id}`: one activity.

use http::StatusCode;
use rolecall_domain::{
    activity::{self, Scope},
    permission::Right,
};
use rolecall_http::{
    Answer, Code, Context, Problem, Request, answer, extract, guard, openapi::Doc,
};

use super::{
    activity::{self as shown, Activity},
    scope::{self, ScopeQuery},
};

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ReadActivities];

/// Answers it.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let ScopeQuery { organization } = extract::query(&request)?;
    let scope = Scope::of(&permit, organization.as_deref()).map_err(scope::problem)?;
    let missing = || Problem::new(Code::NotFound, "There is nothing here.");
    let id = extract::last_segment(&request)
        .parse()
        .map_err(|_| missing())?;
    let found = activity::find(&ctx.ports, &scope, id)
        .await
        .map_err(scope::problem)?;
    answer::json(StatusCode::OK, &Activity::from(&found.ok_or_else(missing)?))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "One activity",
        "Of the caller's organization; a super admin may ask for another one, and for `*`.",
    )
    .query(
        "organization",
        "Another organization, or `*`; for super admins.",
    )
    .answer::<Activity>(200, "The activity.", shown::example())
    .errors(&[Code::NotFound])
}
