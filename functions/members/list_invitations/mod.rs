//! `GET /api/v1/organizations/{code}/invitations`: who is invited.

use http::StatusCode;
use rolecall_domain::{invitation, permission::Authorization};
use rolecall_http::{
    ErrorCode, Problem, Response, WithQuery,
    openapi::Doc,
    page::{self, PageQuery},
    response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::invitation::{self as shown, Invitation};
use crate::Context;

/// A page of invitations.
#[derive(Serialize, ToSchema)]
pub struct OrganizationInvitations {
    /// Oldest first. A page can be short although there is a `next_cursor`.
    items: Vec<Invitation>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

/// Returns a page of those that can be accepted.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(query): WithQuery<PageQuery>,
) -> Result<Response, Problem> {
    let code = ctx.path("code")?;
    let list = format!("invitations {code}");
    let after = page::behind(&ctx, &authorization, &list, &query).await?;
    let limit = query.limit();
    let found = invitation::list(&ctx.ports, &authorization, code, after, limit).await?;
    let next_cursor =
        page::next(&ctx, &authorization, &list, found.last.map(|last| last.to_string())).await?;
    let items = found.invitations.iter().map(Invitation::from).collect();
    response::json(StatusCode::OK, &OrganizationInvitations { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "items": [shown::example()], "next_cursor": null });
    Doc::new(
        "List invitations",
        "Those that were neither accepted nor withdrawn, and are not over.",
    )
    .pages::<PageQuery>()
    .response::<OrganizationInvitations>(200, "A page.", example)
    .errors(&[ErrorCode::NotFound])
}
