//! `POST /api/v1/users`: inviting somebody.

mod input;

use rolecall_domain::{
    account::{self, Invited},
    organization::Person,
    permission::Right,
};
use rolecall_http::{
    Answer, Code, Context, Request, answer, extract, guard, idempotency, openapi::Doc,
};
use serde_json::json;

pub use input::Input;

use super::user::{self, User};

/// Who may call.
pub const NEEDS: &[Right] = &[Right::ManageUsers];

/// Makes a pending account and mails the link by which its owner chooses a password.
pub async fn handler(ctx: Context, request: Request) -> Answer {
    let permit = guard::permitted(&ctx, &request, NEEDS).await?;
    let input: Input = extract::body(&request)?;
    let first = |person: &Person| idempotency::first(201, &User::from(person));
    let once = idempotency::once(&ctx, &request, "invite_user", permit.user_id(), &first).await?;
    let answer = match account::invite(
        &ctx.ports,
        &permit,
        &input.into(),
        once.as_ref(),
        &ctx.client,
    )
    .await?
    {
        Invited::Person(person) => first(&person),
        Invited::Again(first) => first,
    };
    answer::with_etag(idempotency::again(answer), 1)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "Into the caller's organization; super admins say which one, or none. The link goes to the address: nobody else sees or \
                 sets a password. It is followed with `POST /auth/password-reset/confirm`. Whoever invites into a role needs \
                 `roles.assign`, and gives no more than they have.";
    Doc::new("Invite a user", rules)
        .header(
            "Idempotency-Key",
            "The same key and body give the first answer again, for 24 hours.",
        )
        .input::<Input>(
            json!({ "username": "grace", "email": "grace@example.com", "first_name": "Grace" }),
        )
        .answer::<User>(201, "The account, pending.", user::example())
        .errors(&[
            Code::NotFound,
            Code::AboveYourLevel,
            Code::EmailTaken,
            Code::UsernameTaken,
            Code::IdempotencyKeyReused,
        ])
}
