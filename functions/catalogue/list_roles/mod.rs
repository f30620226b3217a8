//! `GET /api/v1/roles`: every role.

use http::StatusCode;
use rolecall_domain::{
    code::Code,
    permission::{self, Authorization},
    role::RoleFields,
};
use rolecall_http::{
    ErrorCode, Problem, Response, WithQuery, input, openapi::Doc, page::PageQuery, response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::role::Role;
use crate::{
    Context,
    resource::{self, InJson},
};

/// A page of roles.
#[derive(Serialize, ToSchema)]
pub struct Roles {
    /// Sorted by code.
    items: Vec<Role>,
    /// The cursor of the next page.
    next_cursor: Option<String>,
}

input! {
    /// Which roles, and which page of them.
    pub struct Query as RoleListQuery {
        /// The organization whose own roles are among them; the caller's by default. Another one
        /// for super admins only.
        organization: Option<Code>,
        .. page: PageQuery,
    }
}

/// Returns a page of them, out of the catalogue that the gate vouches for.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    WithQuery(Query { page, organization }): WithQuery<Query>,
) -> Result<Response, Problem> {
    let organization = organization.as_ref().map(Code::as_str);
    let list = format!("{} {}", RoleFields::LIST, organization.unwrap_or_default());
    let authorization =
        permission::within(&ctx.ports, &authorization, organization, "organization").await?;
    let (items, next_cursor) =
        resource::list::<RoleFields>(&ctx, &authorization, &list, &page).await?;
    response::json(StatusCode::OK, &Roles { items, next_cursor })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!({ "items": [RoleFields::example()], "next_cursor": null });
    let description = "Every role, active or not: those that all organizations share, and the own \
        roles of the caller's.";
    Doc::new("List roles", description)
        .pages::<Query>()
        .response::<Roles>(200, "A page.", example)
        .errors(&[ErrorCode::NotFound])
}
