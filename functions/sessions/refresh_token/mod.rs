//! `POST /api/v1/auth/token/refresh`: a new pair for a refresh token.

mod input;

use rolecall_domain::{
    UseCaseError,
    session::{self, InvalidRefreshToken},
};
use rolecall_http::{ErrorCode, Problem, Request, Response, extract, openapi::Doc};
use serde_json::json;

use super::{
    forget_session,
    pair::{self, Delivery, Pair},
};
use crate::Context;
pub use input::Input;

/// Rotates the session. A browser forgets one that is over.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let delivery = Delivery::of(&request)?;
    let input: Input = extract::body(&request)?;
    // A page that nobody is signed in on is no guess at a token.
    let refresh = input.into_token(&ctx, &request, delivery)?.ok_or(InvalidRefreshToken)?;
    match session::refresh(&ctx.ports, &refresh, &ctx.client).await {
        Err(UseCaseError::Refused(over)) if delivery == Delivery::Cookies => {
            let mut response = Problem::from(over).into_response(&ctx.request_id);
            forget_session(&ctx, &mut response);
            Ok(response)
        }
        granted => delivery.response(&ctx, granted?),
    }
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
            ErrorCode::Unauthenticated,
            ErrorCode::TooManyRequests,
            ErrorCode::Unavailable,
        ])
}
