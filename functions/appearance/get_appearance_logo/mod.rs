//! `GET /api/v1/appearance/logo`: the picture of the product.

use bytes::Bytes;
use http::{HeaderValue, header};
use rolecall_domain::appearance;
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use super::get_appearance::KEPT;
use crate::Context;

/// Returns it to anybody.
pub async fn handler(ctx: Context, _: Request) -> Result<Response, Problem> {
    let Some(logo) = appearance::logo(&ctx.ports).await? else {
        return Err(Problem::new(ErrorCode::NotFound, "There is no logo."));
    };
    let mut response = Response::new(Bytes::copy_from_slice(logo.bytes()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    response::public(Ok(response), KEPT)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Get the logo", "A PNG of 40 KiB at most. Anybody may keep it for five minutes.")
        .png("The logo.")
        .errors(&[ErrorCode::NotFound, ErrorCode::Unavailable])
}
