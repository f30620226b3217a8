//! `PUT /api/v1/organizations/{code}/members/{user_id}`: making or changing a membership.

mod input;

use http::StatusCode;
use rolecall_domain::{organization, permission::Authorization};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc, response};
use serde_json::json;

pub use input::Input;

use super::member::{self, Member};
use crate::{Context, resource::administrator};

/// Makes or changes it and answers it as it is now.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let put: Input = extract::body(&request)?;
    let (organization, user) = (ctx.path("code")?, ctx.path_id("user_id")?);
    let by = administrator(&ctx, &authorization, &request);
    let done = organization::put_member(&ctx.ports, by, organization, user, &put.into()).await?;
    let status = if done.is_new { StatusCode::CREATED } else { StatusCode::OK };
    let version = done.member.member.version;
    response::with_etag(response::json(status, &Member::from(&done.member)), version)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "Only super admins add users who are not members yet; others invite with \
        `POST /organizations/{code}/invitations`. You cannot change a member above your level.";
    Doc::new("Create or update a member", rules)
        .if_match()
        .input::<Input>(
            json!({ "employee_id": "E-17", "department": "Piping", "metadata": { "badge": 7 } }),
        )
        .response::<Member>(200, "The member as it is now.", member::example())
        .response::<Member>(201, "The new member.", member::example())
        .etag()
        .errors(&[
            ErrorCode::NotFound,
            ErrorCode::AboveYourLevel,
            ErrorCode::EmployeeIdTaken,
            ErrorCode::LastSuperAdmin,
            ErrorCode::LastAdministrator,
            ErrorCode::OwnLastAdminRole,
        ])
}
