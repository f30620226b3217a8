//! `POST /api/v1/auth/api-key/revoke`: ending a key that somebody found.

use rolecall_domain::api_key;
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, fields::Text, input, openapi::Doc, response,
};
use serde_json::json;

use crate::Context;

input! {
    /// A key that is to end.
    pub struct Input as FoundApiKey {
        /// The key.
        key: Text<1, 500>,
    }
}

/// Ends it; the answer never says whether it was one.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let Input { key } = extract::body(&request)?;
    api_key::report(&ctx.ports, key.as_str(), &ctx.client).await?;
    response::no_content()
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "Whoever finds a key may end it: the key is all that it takes. The answer is the \
        same for what is no key.";
    Doc::new("Revoke a found API key", rules)
        .input::<Input>(json!({ "key": format!("rck_{}", "0".repeat(116)) }))
        .empty(204, "It opens nothing, if it ever did.")
        .errors(&[ErrorCode::TooManyRequests])
}
