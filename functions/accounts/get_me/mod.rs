//! `GET /api/v1/me`: the caller.

use http::StatusCode;
use rolecall_http::{Answer, Context, Request, answer, guard, openapi::Doc};

use super::user::{self, User};

/// Answers the account that the gate read.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let caller = guard::signed_in(&ctx, &request).await?;
    let person = caller.person();
    answer::with_etag(
        answer::json(StatusCode::OK, &User::from(person)),
        person.etag(),
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Who am I",
        "The caller's account and memberships, with an `ETag`.",
    )
    .answer::<User>(200, "The caller.", user::example())
}
