//! `GET /api/v1/users/{id}/api-keys`: somebody's keys.

use http::StatusCode;
use rolecall_domain::{api_key, session::Caller};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};
use serde_json::json;

use super::{
    key::{Keys, example},
    owner::owner,
};
use crate::Context;

/// Returns those that are good for something.
pub async fn handler(ctx: Context, caller: Caller, _: Request) -> Result<Response, Problem> {
    let keys = api_key::list(&ctx.ports, &owner(&ctx, &caller).await?).await?;
    response::json(StatusCode::OK, &Keys::from(keys.as_slice()))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "One's own (`me`), or with `keys.manage` those that act in the caller's \
        organization. Nothing in it is a credential.";
    Doc::new("List API keys", rules)
        .or_me()
        .response::<Keys>(
            200,
            "The keys, newest first.",
            json!({ "items": [example()], "next_cursor": null }),
        )
        .errors(&[ErrorCode::Forbidden, ErrorCode::NotFound, ErrorCode::AboveYourLevel])
}
