//! `POST /api/v1/users`: inviting somebody.

mod input;

use rolecall_domain::{
    account, idempotency::StoredResponse, organization::UserWithMemberships,
    permission::Authorization,
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, idempotency, openapi::Doc};
use serde_json::json;

pub use input::Input;

use super::user::{self, User};
use crate::Context;

/// Makes a pending account and mails the link by which its owner chooses a password.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    let first = |person: &UserWithMemberships| StoredResponse {
        etag: Some(person.etag()),
        ..idempotency::first(201, &User::from(person))
    };
    let idempotency = idempotency::idempotency(&ctx, &request, authorization.user_id(), &first)?;
    let invited = account::invite(
        &ctx.ports,
        &authorization,
        &input.into(),
        idempotency.as_ref(),
        &ctx.client,
    )
    .await?;
    idempotency::created(invited, first)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "For super admins, into an organization or none; organizations invite with `POST \
        /organizations/{code}/invitations`. The link goes to the address: nobody else sees or sets \
        a password. The user accepts it with `POST /auth/password-reset/confirm`.";
    Doc::new("Invite a user", rules)
        .idempotent()
        .input::<Input>(
            json!({ "username": "grace", "email": "grace@example.com", "first_name": "Grace" }),
        )
        .response::<User>(201, "The account, pending.", user::example())
        .etag()
        .errors(&[
            ErrorCode::NotFound,
            ErrorCode::AboveYourLevel,
            ErrorCode::EmailTaken,
            ErrorCode::UsernameTaken,
        ])
}
