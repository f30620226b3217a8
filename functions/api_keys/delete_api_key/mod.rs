//! `DELETE /api/v1/users/{id}/api-keys/{key_id}`: ending a key.

use rolecall_domain::{api_key, session::Caller};
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use super::owner::owner;
use crate::Context;

/// Ends it.
pub async fn handler(ctx: Context, caller: Caller, _: Request) -> Result<Response, Problem> {
    let (key, owner) = (ctx.path_id("key_id")?, owner(&ctx, &caller).await?);
    api_key::revoke(&ctx.ports, &owner, key, &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "It opens nothing from the next call on. One's own (`me`), or with `keys.manage` \
        one that acts in the caller's organization.";
    Doc::new("Delete an API key", rules).or_me().empty(204, "It has ended.").errors(&[
        ErrorCode::Forbidden,
        ErrorCode::NotFound,
        ErrorCode::AboveYourLevel,
    ])
}
