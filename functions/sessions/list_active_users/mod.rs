//! `GET /api/v1/active-users`: who was seen within five minutes.

mod output;

use http::StatusCode;
use rolecall_domain::session::{self, Caller};
use rolecall_http::{
    Problem, Response, WithQuery,
    openapi::Doc,
    page::{self, PageQuery},
    response,
};

use crate::Context;
pub use output::{ActiveUser, ActiveUsers};

const LIST: &str = "active-users";

/// Returns a page of the people in the caller's organization.
pub async fn handler(
    ctx: Context,
    caller: Caller,
    WithQuery(page): WithQuery<PageQuery>,
) -> Result<Response, Problem> {
    let after = page
        .position(&ctx, &caller, LIST)
        .await?
        .map(|id| id.parse().map_err(|_| page::invalid_cursor()))
        .transpose()?;
    // The caller is here, too.
    ctx.settle().await;
    let (people, reads_users) = futures::join!(
        session::active_users(&ctx.ports, &caller, after, page.limit()),
        session::reads_users(&ctx.ports, &caller),
    );
    let ((people, next), reads_users) = (people?, reads_users?);
    let next_cursor = page::cursor(&ctx, &caller, LIST, next.map(|id| id.to_string())).await?;
    response::json(StatusCode::OK, &ActiveUsers::new(people, &caller, reads_users, next_cursor))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "List active users",
        "People (not sessions) of the caller's organization who were seen within the last five \
            minutes and are still signed in; who acts in no organization sees themselves. Who has \
            `users.read` sees the addresses, and with what everybody works.",
    )
    .pages::<PageQuery>()
    .response::<ActiveUsers>(200, "A page of people.", output::example())
}
