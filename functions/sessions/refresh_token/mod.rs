//! `POST /api/v1/auth/token/refresh`: a new pair for a refresh token.

use http::StatusCode;
use rolecall_domain::session;
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, input, openapi::Doc, response,
};
use serde_json::json;

use super::pair::{self, Pair};
use crate::Context;

input! {
    /// A refresh token.
    pub struct Input as RefreshToken {
        /// The refresh token of the latest pair.
        refresh: String,
    }
}

/// Rotates the session.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let input: Input = extract::body(&request)?;
    let granted = session::refresh(&ctx.ports, &input.refresh, &ctx.client).await?;
    response::json(StatusCode::OK, &Pair::from(granted))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rotation = "A token works once. Uses within 10 seconds of the first (a setting) get the \
        same new pair, used or not, as long as it was not refreshed itself; for 60 seconds they \
        do so as long as neither token of that pair was used. A token that is used again after \
        that ends the session.";
    Doc::new("Refresh a token pair", rotation)
        .input::<Input>(json!({ "refresh": "rcr_AZnB0noQezKfVAwdLj9KWw…" }))
        .response::<Pair>(200, "The new pair.", pair::example())
        .errors(&[
            ErrorCode::InvalidRefreshToken,
            ErrorCode::TooManyRequests,
            ErrorCode::Unavailable,
        ])
}
