//! `GET /api/v1/activities.csv`: what happened, as a table.

use rolecall_domain::session::Caller;
use rolecall_http::{ErrorCode, Problem, Response, WithQuery, csv, openapi::Doc};

use super::activity_page::{self, Query};
use crate::Context;

/// Fields of activities.
const COLUMNS: [&str; 24] = [
    "id",
    "created_at",
    "organization",
    "activity_type",
    "category",
    "severity",
    "success",
    "reported",
    "description",
    "error_message",
    "user_id",
    "username",
    "service_id",
    "subject_id",
    "subject_username",
    "session_id",
    "ip_address",
    "user_agent",
    "request_id",
    "duration_ms",
    "tags",
    "related",
    "details",
    "metadata",
];

/// Returns a page of those that are asked for.
pub async fn handler(
    ctx: Context,
    caller: Caller,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    csv::page(&COLUMNS, &activity_page::activities(&ctx, &caller, query).await?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "The same activities as those of the list, with the same filters and rights, as \
        CSV: a page an answer, the next cursor in a header, and the names of the columns on the \
        first page alone.";
    Doc::new("Export activities", rules).pages::<Query>().csv(
        "A page.",
        "id,created_at,organization,activity_type,category,severity,success,reported,description,\
         error_message,user_id,username,service_id,subject_id,subject_username,session_id,\
         ip_address,user_agent,request_id,duration_ms,tags,related,details,metadata\r\n",
    )
    .errors(&[ErrorCode::Forbidden])
}
