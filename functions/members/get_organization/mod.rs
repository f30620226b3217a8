//! `GET /api/v1/organizations/{code}`: one organization.

use http::StatusCode;
use rolecall_domain::{organization, permission::Right};
use rolecall_http::{Answer, Code, Context, Request, answer, extract, guard, openapi::Doc};

use super::organization::{Organization, example};

/// Who may call.
pub const NEEDS: &[Right] = &[
    Right::ManageOrganizations,
    Right::ReadUsers,
    Right::ManageUsers,
];

/// Answers it with its `ETag`.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let found =
        organization::organization(&ctx.ports, &permit, extract::last_segment(&request)).await?;
    answer::with_etag(
        answer::json(StatusCode::OK, &Organization::from(&found)),
        found.version,
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("One organization", "With its `ETag`.")
        .answer::<Organization>(200, "The organization.", example())
        .errors(&[Code::NotFound])
}
