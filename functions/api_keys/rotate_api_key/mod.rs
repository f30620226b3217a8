//! `POST /api/v1/users/{id}/api-keys/{key_id}/rotate`: another secret for a key.

mod input;

use rolecall_domain::{
    api_key::{self, IssuedKey},
    clock::SignedDuration,
    session::Caller,
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, idempotency, openapi::Doc};
use serde_json::json;

pub use input::Input;
use input::Overlap;

use super::{
    key::{Issued, issued_example},
    owner::owner,
};
use crate::Context;

/// Gives it another secret and shows that, once.
pub async fn handler(ctx: Context, caller: Caller, request: Request) -> Result<Response, Problem> {
    let owner = owner(&ctx, &caller).await?;
    let Input { overlap_seconds } = extract::body_or_nothing(&request)?;
    let key = ctx.path_id("key_id")?;
    let overlap = overlap_seconds.map_or(SignedDuration::ZERO, |Overlap(overlap)| overlap);
    let first = |issued: &IssuedKey| idempotency::first(201, &Issued::from(issued));
    let sender = Some(caller.user().id);
    let idempotency = idempotency::of_secret(&ctx, &request, sender, &first)?;
    let (ports, remembered, client) = (&ctx.ports, idempotency.as_ref(), &ctx.client);
    let rotated = api_key::rotate(ports, &owner, key, overlap, remembered, client).await?;
    idempotency::created(rotated, first)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "The key keeps its id, name and permissions, and lives for as many days again. Two \
        secrets are good for `overlap_seconds`, and never three: a secret that was rotated away \
        before dies.";
    Doc::new("Rotate an API key", rules)
        .or_me()
        .idempotent()
        .input::<Input>(json!({ "overlap_seconds": 86_400 }))
        .response::<Issued>(201, "The key, with its secret of now.", issued_example())
        .errors(&[ErrorCode::Forbidden, ErrorCode::NotFound, ErrorCode::AboveYourLevel])
}
