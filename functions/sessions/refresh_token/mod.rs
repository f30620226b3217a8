//! `POST /api/v1/auth/token/refresh`: a new pair for a refresh token.

use rolecall_domain::{
    Violation,
    session::{self, InvalidRefreshToken},
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, cookies::Cookie, extract, fields::Change, input,
    openapi::Doc,
};
use serde_json::json;

use super::pair::{self, Delivery, Pair};
use crate::Context;

input! {
    /// A refresh token.
    pub struct Input as RefreshToken {
        /// The refresh token of the latest pair. A page of this origin that signed in by cookie
        /// leaves it out.
        refresh: Change<String>,
    }
}

impl Input {
    /// The token of the body, or else of the cookie; none of a page that has none left. Problem:
    /// `validation_failed`.
    pub fn into_token(
        self,
        ctx: &Context,
        request: &Request,
        delivery: Delivery,
    ) -> Result<Option<String>, Problem> {
        match (self.refresh.0, delivery) {
            (Some(refresh), _) => Ok(Some(refresh)),
            (None, Delivery::Cookies) => {
                let cookie = Cookie::Refresh.read(&ctx.ports.settings.issuer, request);
                Ok(cookie.map(str::to_owned))
            }
            (None, Delivery::Body) => {
                let missing = Violation::new("required", "This field is required.");
                Err(Problem::field("refresh", missing))
            }
        }
    }
}

/// Rotates the session.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let delivery = Delivery::of(&request)?;
    let input: Input = extract::body(&request)?;
    // A page that nobody is signed in on is no guess at a token.
    let refresh = input.into_token(&ctx, &request, delivery)?.ok_or(InvalidRefreshToken)?;
    let granted = session::refresh(&ctx.ports, &refresh, &ctx.client).await?;
    delivery.response(&ctx, granted)
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
