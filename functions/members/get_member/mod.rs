//! `GET /api/v1/organizations/{code}/members/{user_id}`: one member.

use http::StatusCode;
use rolecall_domain::{organization, permission::Right};
use rolecall_http::{
    Context, ErrorCode, Problem, Request, Response, extract, guard, openapi::Doc, response,
};

use super::{
    member::{self, Member},
    path,
};

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ReadUsers, Right::ManageUsers];

/// Returns the membership with its `ETag`.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let authorization = guard::authorize(&ctx, &request, NEEDS).await?;
    let (code, user) = (extract::segment_from_end(&request, 2), path::user(&request, 0)?);
    let found = organization::member(&ctx.ports, &authorization, code, user).await?;
    response::with_etag(response::json(StatusCode::OK, &Member::from(&found)), found.version)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get a member", "The response has an `ETag`.")
        .response::<Member>(200, "The member.", member::example())
        .errors(&[ErrorCode::NotFound])
}
