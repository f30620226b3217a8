//! `POST /api/v1/users/{id}/invitation`: another link for somebody who was invited.

use http::StatusCode;
use rolecall_domain::{account, administration::AdministerError, permission::Right};
use rolecall_http::{
    Answer, Code, Context, Problem, Request, answer, extract, guard, openapi::Doc,
};

use super::user::{self, User};

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ManageUsers];

/// Mails it and answers the account, still pending.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let id = extract::segment_from_end(&request, 1)
        .parse()
        .map_err(|_| Problem::from(AdministerError::NotFound("user")))?;
    let person = account::invite_again(&ctx.ports, &permit, id, &ctx.client).await?;
    answer::with_etag(
        answer::json(StatusCode::OK, &User::from(&person)),
        person.etag(),
    )
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Invite a user again",
        "Mails another link to somebody who has not chosen a password; the link before is dead.",
    )
    .answer::<User>(200, "The account, pending.", user::example())
    .errors(&[
        Code::NotFound,
        Code::AboveYourLevel,
        Code::NotPending,
        Code::TooManyRequests,
    ])
}
