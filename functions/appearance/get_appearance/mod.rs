//! `GET /api/v1/appearance`: how the product shows itself.

use http::StatusCode;
use rolecall_domain::appearance;
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};

use super::{Shown, shown};
use crate::Context;

/// Anybody may keep it so many seconds.
pub(super) const KEPT: u32 = 300;

/// Returns it to anybody.
pub async fn handler(ctx: Context, _: Request) -> Result<Response, Problem> {
    let appearance = appearance::appearance(&ctx.ports).await?;
    let shown = Shown::new(&appearance, &ctx.ports.settings);
    let response = response::with_etag(response::json(StatusCode::OK, &shown), appearance.version);
    response::public(response, KEPT)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "The name, colour and links of the product, who may sign up, and the languages of \
        its pages and mails. Anybody may keep it for five minutes.";
    Doc::new("Get the appearance", rules)
        .response::<Shown>(200, "The appearance.", shown::example())
        .etag()
        .errors(&[ErrorCode::Unavailable])
}
