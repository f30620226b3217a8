//! `GET /api/v1/activities`: what happened, newest first.

use http::StatusCode;
use rolecall_domain::session::Caller;
use rolecall_http::{ErrorCode, Problem, Response, WithQuery, openapi::Doc, page::Page, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    activity_item::{self as shown, Activity},
    activity_page::{self, Query},
};
use crate::Context;

/// A page of activities.
#[derive(Serialize, ToSchema)]
pub struct Activities {
    /// Newest first. A page can be short or empty although there is a `next_cursor`: each request
    /// examines a bounded number.
    items: Vec<Activity>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of those that are asked for.
pub async fn handler(
    ctx: Context,
    caller: Caller,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    let Page { items, next_cursor, .. } = activity_page::activities(&ctx, &caller, query).await?;
    response::json(StatusCode::OK, &Activities { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "List activities",
        "In the caller's organization; super admins may name another one, or `*` for all. What one \
         did oneself, or what was done to oneself, needs no right: `user_id` or `subject_id`.",
    )
    .pages::<Query>()
    .response::<Activities>(
        200,
        "A page.",
        json!({ "items": [shown::example()], "next_cursor": null }),
    )
    .errors(&[ErrorCode::Forbidden])
}
