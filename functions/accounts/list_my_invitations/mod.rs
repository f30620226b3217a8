//! `GET /api/v1/me/invitations`: who invites the caller.

use http::StatusCode;
use rolecall_domain::{
    invitation::{self, OwnInvitation},
    session::Caller,
};
use rolecall_http::{
    Problem, Response, WithQuery,
    openapi::{Doc, with},
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

/// An invitation of the caller.
#[derive(Serialize, ToSchema)]
pub struct MyInvitation {
    /// What its inviter sees as well.
    #[serde(flatten)]
    invitation: Invitation,
    /// What the organization is called.
    organization_name: String,
}

impl From<&OwnInvitation> for MyInvitation {
    fn from(one: &OwnInvitation) -> Self {
        Self {
            invitation: Invitation::from(&one.invitation),
            organization_name: one.organization_name.as_str().to_owned(),
        }
    }
}

/// A page of the caller's invitations.
#[derive(Serialize, ToSchema)]
pub struct MyInvitations {
    /// Oldest first.
    items: Vec<MyInvitation>,
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
    let all = all.iter().map(|one| (one.invitation.id.to_string(), MyInvitation::from(one)));
    let (items, next_cursor) = page::of(&ctx, &caller, "my invitations", &query, all).await?;
    response::json(StatusCode::OK, &MyInvitations { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let item = with(shown::example(), json!({ "organization_name": "My Company" }));
    let example = json!({ "items": [item], "next_cursor": null });
    Doc::new("List my invitations", "To the caller's own address, if it is proven.")
        .pages::<PageQuery>()
        .response::<MyInvitations>(200, "A page.", example)
}
