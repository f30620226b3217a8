//! `GET /api/v1/organizations/{code}`: one organization.

use http::StatusCode;
use rolecall_domain::{organization, permission::Right};
use rolecall_http::{
    Context, ErrorCode, Problem, Request, Response, extract, guard, openapi::Doc, response,
};

use super::organization::{Organization, example};

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ManageOrganizations, Right::ReadUsers, Right::ManageUsers];

/// Returns it with its `ETag`.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let authorization = guard::authorize(&ctx, &request, NEEDS).await?;
    let found =
        organization::organization(&ctx.ports, &authorization, extract::last_segment(&request))
            .await?;
    response::with_etag(response::json(StatusCode::OK, &Organization::from(&found)), found.version)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get an organization", "The response has an `ETag`.")
        .response::<Organization>(200, "The organization.", example())
        .errors(&[ErrorCode::NotFound])
}
