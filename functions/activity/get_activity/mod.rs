//! `GET /api/v1/activities/{id}`: one activity.

use http::StatusCode;
use rolecall_domain::{
    activity::{self, Scope},
    permission::Authorization,
};
use rolecall_http::{ErrorCode, Problem, Response, WithQuery, openapi::Doc, response};

use super::{
    activity_item::{self as shown, Activity},
    scope::{self, ScopeQuery},
};
use crate::Context;

/// Returns it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<ScopeQuery>,
) -> Result<Response, Problem> {
    let scope = Scope::of(&ctx.ports, &authorization, query.organization())
        .await
        .map_err(scope::problem)?;
    let missing = || Problem::new(ErrorCode::NotFound, "Not found, or not visible to you.");
    let id = ctx.path_id("id")?;
    let found = activity::find(&ctx.ports, &scope, id).await.map_err(scope::problem)?;
    response::json(StatusCode::OK, &Activity::from(&found.ok_or_else(missing)?))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Get an activity",
        "In the caller's organization; super admins may name another one, or `*` for all.",
    )
    .query::<ScopeQuery>()
    .response::<Activity>(200, "The activity.", shown::example())
    .errors(&[ErrorCode::NotFound])
}
