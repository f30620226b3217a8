//! `POST /api/v1/signing-keys/rotate`: publishing the next key, or dropping one.

use http::StatusCode;
use rolecall_domain::{
    account::PlainPassword,
    permission::Authorization,
    signing::{self, Rotated},
};
use rolecall_http::{
    ErrorCode, Problem, Request, Response, extract, fields::Text, input, openapi::Doc, response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{Context, resource::administrator};

input! {
    /// What is to be done with the signing keys.
    pub struct Input as SigningKeyRotation {
        /// The id of a key that is to be dropped at once, with every token that it signed; without
        /// it the next key is published, unless one waits, and signs after three hours.
        drop: Option<Text<1, 64>>,
        /// The caller's password.
        current_password: PlainPassword,
    }
}

/// What was done.
#[derive(Serialize, ToSchema)]
#[schema(as = RotatedSigningKeys)]
pub struct Done {
    /// Keys that were published; none where one waits already.
    published: Vec<String>,
    /// Keys that were taken away.
    removed: Vec<String>,
    /// The key that signs now.
    signing: String,
    /// Keys that were taken away and whose private halves could not be destroyed: drop them again.
    kept: Vec<String>,
}

/// Does it, for super admins; within ten seconds every function goes by it.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    request: Request,
) -> Result<Response, Problem> {
    let Input { drop, current_password } = extract::body(&request)?;
    let by = administrator(&ctx, &authorization, &request);
    let drop = drop.as_ref().map(Text::as_str);
    let Rotated { published, removed, signing, kept } =
        signing::order_rotation(&ctx.ports, by, &current_password, drop).await?;
    if !kept.is_empty() {
        tracing::error!(?kept, "private keys could not be destroyed: drop them once more");
    }
    response::json(StatusCode::ACCEPTED, &Done { published, removed, signing, kept })
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "For super admins. Within ten seconds every function goes by it. A key that is \
        dropped takes every token with it that it signed: sessions are refreshed.";
    let example = json!({ "published": ["NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"],
        "removed": [], "signing": "tB5UHSIk9nJMxL1WmZ2nUZmVQ1g3Hn5bO7cXb9kA0aU", "kept": [] });
    Doc::new("Rotate the signing keys", rules)
        .input::<Input>(json!({ "current_password": "violet-anchor-mosaic-91" }))
        .response::<Done>(202, "What was done.", example)
        .errors(&[ErrorCode::Stale, ErrorCode::TooManyRequests])
}
