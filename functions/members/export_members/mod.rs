//! `GET /api/v1/organizations/{code}/members.csv`: who belongs to an organization, as a table.

use rolecall_domain::permission::Authorization;
use rolecall_http::{ErrorCode, Problem, Response, WithQuery, csv, openapi::Doc};

use super::member_page::{self, Query};
use crate::Context;

/// Fields of members.
const COLUMNS: [&str; 14] = [
    "organization",
    "user_id",
    "username",
    "email",
    "first_name",
    "last_name",
    "status",
    "employee_id",
    "department",
    "job_title",
    "manager",
    "metadata",
    "created_at",
    "updated_at",
];

/// Returns a page of them.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    csv::page(&COLUMNS, &member_page::members(&ctx, &authorization, query).await?)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "The same members as those of the list, with the same filters, as CSV: a page an \
        answer, the next cursor in a header, and the names of the columns on the first page alone.";
    Doc::new("Export members", rules)
        .pages::<Query>()
        .csv(
            "A page.",
            "organization,user_id,username,email,first_name,last_name,status,employee_id,\
             department,job_title,manager,metadata,created_at,updated_at\r\n\
             MY_COMPANY,0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b,ada,ada@example.com,Ada,Lovelace,\
             active,E-17,,,,{},2026-11-23T09:30:00.000Z,2026-11-23T09:30:00.000Z\r\n",
        )
        .errors(&[ErrorCode::NotFound])
}
