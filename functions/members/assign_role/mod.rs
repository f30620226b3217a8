//! `PUT /api/v1/organizations/{code}/members/{user_id}/roles/{role}`: giving a member a role.

mod input;

use http::StatusCode;
use rolecall_domain::{
    organization::{self, AssignmentOrder, UserWithMemberships},
    permission::Authorization,
    ports::MemberStore,
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};
use serde_json::json;

pub use input::Input;

use super::member::{self, MemberRole};
use crate::{Context, resource::administrator};

/// The member, read beside the caller, so that the write is the second thing in sequence.
pub async fn member(ctx: Context) -> Result<Option<UserWithMemberships>, Problem> {
    match ctx.path_id("user_id") {
        Ok(user) => Ok(ctx.ports.store.user_with_memberships(user).await?),
        Err(_) => Ok(None),
    }
}

/// Assigns the role and returns the assignment.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    member: Option<UserWithMemberships>,
    request: Request,
) -> Result<Response, Problem> {
    let Input { is_primary, starts_at, expires_at } = extract::body_or_nothing(&request)?;
    let order = AssignmentOrder { is_primary, starts_at, expires_at };
    let (organization, role) = (ctx.path("code")?, ctx.path("role")?);
    let by = administrator(&ctx, &authorization, &request);
    let done = organization::assign(&ctx.ports, by, member, organization, role, order).await?;
    let status = if done.is_new { StatusCode::CREATED } else { StatusCode::OK };
    response::json(status, &MemberRole::new(&done.assignment, done.is_primary))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "You cannot assign a role above your level, or one that grants what you do not \
        have. The assignment can have a start and an end.";
    Doc::new("Assign a role to a member", rules)
        .if_match()
        .input::<Input>(json!({ "is_primary": true, "expires_at": "2027-01-01T00:00:00Z" }))
        .response::<MemberRole>(200, "The member already had the role.", member::role_example())
        .response::<MemberRole>(201, "Assigned.", member::role_example())
        .errors(&[
            ErrorCode::NotFound,
            ErrorCode::AboveYourLevel,
            ErrorCode::LastAdministrator,
            ErrorCode::OwnLastAdminRole,
        ])
}
