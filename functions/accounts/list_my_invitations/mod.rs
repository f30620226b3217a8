//! `GET /api/v1/me/invitations`: who invites the caller.

use http::StatusCode;
use rolecall_domain::{invitation, session::Caller};
use rolecall_http::{
    Problem, Response, WithQuery,
    openapi::Doc,
    page::{self, PageQuery},
    response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    Context,
    members::invitation::{self as shown, Invitation},
};

/// A page of the caller's invitations.
#[derive(Serialize, ToSchema)]
pub struct MyInvitations {
    /// Oldest first.
    items: Vec<Invitation>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of those to the caller's own address.
pub async fn handler(
    ctx: Context,
    caller: Caller,
    WithQuery(query): WithQuery<PageQuery>,
) -> Result<Response, Problem> {
    let all = invitation::own_invitations(&ctx.ports, &caller).await?;
    let all = all.iter().map(|one| (one.id.to_string(), Invitation::from(one)));
    let (items, next_cursor) = page::of(&ctx, &caller, "my invitations", &query, all).await?;
    response::json(StatusCode::OK, &MyInvitations { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "items": [shown::example()], "next_cursor": null });
    Doc::new("List my invitations", "To the caller's own address, if it is proven.")
        .pages::<PageQuery>()
        .response::<MyInvitations>(200, "A page.", example)
}
