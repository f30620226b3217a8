//! `GET /api/v1/users.csv`: users as a table.

use rolecall_domain::{account, permission::Authorization};
use rolecall_http::{Problem, Response, WithQuery, csv, openapi::Doc, page::Page};

use super::{
    listed_user::ListedUser,
    user_page::{self, Query},
};
use crate::Context;

/// Fields of users.
const COLUMNS: [&str; 12] = [
    "id",
    "username",
    "email",
    "email_verified",
    "status",
    "first_name",
    "last_name",
    "phone_number",
    "memberships",
    "created_at",
    "updated_at",
    "last_login_at",
];

/// Returns a page of those that are asked for.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<Query>,
) -> Result<Response, Problem> {
    let Page { items, next_cursor, is_first } =
        user_page::users(&ctx, &authorization, query).await?;
    let people = account::with_roles(&ctx.ports, &authorization, items).await?;
    let items: Vec<ListedUser> = people.iter().map(ListedUser::with_roles).collect();
    csv::page(&COLUMNS, &Page { items, next_cursor, is_first })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "The same users as those of the list, with the same filters, as CSV: a page an \
        answer, the next cursor in a header, and the names of the columns on the first page alone.";
    Doc::new("Export users", rules).pages::<Query>().csv(
        "A page.",
        "id,username,email,email_verified,status,first_name,last_name,phone_number,memberships,\
         created_at,updated_at,last_login_at\r\n\
         0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b,ada,ada@example.com,true,active,Ada,Lovelace,,[],\
         2026-11-23T09:30:00.000Z,2026-11-23T09:30:00.000Z,2026-11-23T00:00:00.000Z\r\n",
    )
}
