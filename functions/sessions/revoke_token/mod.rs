//! `POST /api/v1/auth/token/revoke`: signing out.

use http::HeaderValue;
use rolecall_domain::session;
use rolecall_http::{
    ErrorCode, Problem, Request, Response, cookies::Cookie, extract, openapi::Doc, response,
};
use serde_json::json;

use super::{Delivery, refresh_token::Input};
use crate::Context;

/// Ends the session of a refresh token; 204 for every text (RFC 7009 §2.2). A browser forgets its
/// session, and what pages kept of it.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let delivery = Delivery::of(&request)?;
    let input: Input = extract::body(&request)?;
    if let Some(refresh) = input.into_token(&ctx, &request, delivery)? {
        session::revoke(&ctx.ports, &refresh, &ctx.client).await?;
    }
    let mut response = response::no_content()?;
    if delivery == Delivery::Cookies {
        for cookie in [Cookie::Access, Cookie::Refresh] {
            cookie.set(&ctx.ports.settings.issuer, &mut response, "", 0);
        }
        let kept = HeaderValue::from_static("\"cache\", \"storage\"");
        response.headers_mut().insert("clear-site-data", kept);
    }
    Ok(response)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Sign out",
        "Ends the session of the token; its access tokens are refused from the next call on.",
    )
    .input::<Input>(json!({ "refresh": "rcr_AZnB0noQezKfVAwdLj9KWw…" }))
    .empty(204, "The session has ended.")
    .errors(&[ErrorCode::Unauthenticated, ErrorCode::Unavailable])
}
