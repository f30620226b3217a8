//! `POST /api/v1/users`: inviting somebody, or making a service account.

mod input;

use rolecall_domain::{
    account, idempotency::StoredResponse, organization::UserWithMemberships,
    permission::Authorization,
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, idempotency, openapi::Doc};
use serde_json::json;

pub use input::Input;
use input::Wanted;

use super::user::{self, User};
use crate::{Context, resource::administrator};

/// Makes a pending account and mails the link by which its owner chooses a password; or a service
/// account, active at once.
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
    let (ports, key) = (&ctx.ports, idempotency.as_ref());
    let made = match input.user()? {
        Wanted::Human(invitation) => {
            account::invite(ports, &authorization, &invitation, key, &ctx.client).await?
        }
        Wanted::Service(order) => {
            let by = administrator(&ctx, &authorization, &request);
            account::create_service(ports, by, &order, key).await?
        }
    };
    idempotency::created(made, first)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "Super admins invite a person, into an organization or none; organizations invite \
        with `POST /organizations/{code}/invitations`. The link goes to the address: nobody else \
        sees or sets a password. The user accepts it with `POST /auth/password-reset/confirm`. \
        With `kind: service` it is the account of a program, in one organization, active at once, \
        without address and password: it calls with API keys.";
    Doc::new("Create a user or a service account", rules)
        .idempotent()
        .input::<Input>(
            json!({ "username": "grace", "email": "grace@example.com", "first_name": "Grace" }),
        )
        .response::<User>(201, "The account.", user::example())
        .etag()
        .errors(&[
            ErrorCode::NotFound,
            ErrorCode::AboveYourLevel,
            ErrorCode::EmailTaken,
            ErrorCode::UsernameTaken,
        ])
}
