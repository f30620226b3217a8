//! `POST /api/v1/users/{id}/api-keys`: making a key.

mod input;

use rolecall_domain::{
    api_key::{self, IssuedKey},
    session::Caller,
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, idempotency, openapi::Doc};
use serde_json::json;

pub use input::Input;

use super::{
    key::{Issued, issued_example},
    owner::owner,
};
use crate::Context;

/// Makes one and shows its secret, once.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let owner = owner(&ctx, &caller).await?;
    let order = extract::body::<Input>(&request)?.order()?;
    let first = |issued: &IssuedKey| idempotency::first(201, &Issued::from(issued));
    let sender = Some(caller.user().id);
    let idempotency = idempotency::of_secret(&ctx, &request, sender, &first)?;
    let (ports, key, client) = (&ctx.ports, idempotency.as_ref(), &ctx.client);
    let made = api_key::create(ports, &owner, &order, key, client).await?;
    idempotency::created(made, first)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "Of one's own (`me`), in the organization in which one acts; with `keys.manage` of \
        a service account, with no permission that the caller lacks \
        or has for a shorter time. The answer shows `key` once. \
        What is done with it is decided at each call: its owner's rights, of which it has those \
        that it names. It is refused here, under `/auth`, and where somebody changes the own \
        account. A person has 10 at most, and so has a service account.";
    Doc::new("Create an API key", rules)
        .or_me()
        .idempotent()
        .input::<Input>(
            json!({ "name": "Nightly backup", "scopes": ["pid.read"], "expires_in_days": 90 }),
        )
        .response::<Issued>(201, "The key.", issued_example())
        .errors(&[
            ErrorCode::Forbidden,
            ErrorCode::NotFound,
            ErrorCode::AboveYourLevel,
            ErrorCode::LimitReached,
        ])
}
