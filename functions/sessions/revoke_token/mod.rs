//! `POST /api/v1/auth/token/revoke`: signing out.

use http::HeaderValue;
use rolecall_domain::session;
use rolecall_http::{
    ErrorCode, Problem, Request, Response, cookies::Cookie, extract, openapi::Doc, response,
};
use serde_json::json;

use super::{Delivery, forget_session, refresh_token::Input};
use crate::Context;

/// Ends the session of a refresh token; 204 for every text (RFC 7009 §2.2). A browser forgets its
/// session, and what pages kept of it.
pub async fn handler(ctx: Context, request: Request) -> Result<Response, Problem> {
    let delivery = Delivery::of(&request)?;
    let input: Input = extract::body(&request)?;
    let access = Cookie::Access.read(&ctx.ports.settings.issuer, &request);
    match (input.into_token(&ctx, &request, delivery)?, access) {
        (Some(refresh), _) => session::revoke(&ctx.ports, &refresh, &ctx.client).await?,
        (None, Some(access)) => {
            session::revoke_by_access_token(&ctx.ports, access, &ctx.client).await?;
        }
        (None, None) => {}
    }
    let mut response = response::no_content()?;
    if delivery == Delivery::Cookies {
        forget_session(&ctx, &mut response);
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
