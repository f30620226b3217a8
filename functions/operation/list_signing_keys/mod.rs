//! `GET /api/v1/signing-keys`: the keys that sign access tokens.

use http::StatusCode;
use rolecall_domain::{
    clock::rfc3339,
    permission::Authorization,
    signing::{self, KnownKey},
};
use rolecall_http::{Problem, Request, Response, openapi::Doc, response, words};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::Context;

/// A signing key; its private half is nowhere to be read.
#[derive(Serialize, ToSchema)]
#[schema(as = SigningKey)]
pub struct Shown {
    /// Its id, which is in the header of each token that it signs.
    kid: String,
    /// `RS256` or `EdDSA`.
    alg: String,
    /// Whether it waits, signs, or another one signs in its place.
    #[schema(value_type = words::KeyState)]
    state: &'static str,
    /// Not known of the keys of an older version.
    #[schema(format = "date-time")]
    published_at: Option<String>,
    /// It signs from then on.
    #[schema(format = "date-time")]
    signs_from: String,
    /// When its last token is over; the weekly run after that takes it away. `null` while no other
    /// one is to sign.
    #[schema(format = "date-time")]
    gone_at: Option<String>,
}

/// Every signing key, the first that signed first.
#[derive(Serialize, ToSchema)]
#[schema(as = SigningKeys)]
pub struct All(Vec<Shown>);

impl From<KnownKey> for Shown {
    fn from(KnownKey { key, state, gone_at }: KnownKey) -> Self {
        Self {
            kid: key.key.kid,
            alg: key.key.alg,
            state: state.as_str(),
            published_at: key.published_at.map(rfc3339),
            signs_from: rfc3339(key.signs_from),
            gone_at: gone_at.map(rfc3339),
        }
    }
}

/// Returns them, the first that signed first.
pub async fn handler(
    ctx: Context,
    authorization: Authorization,
    _: Request,
) -> Result<Response, Problem> {
    let all = signing::signing_keys(&ctx.ports, &authorization).await?;
    response::json(StatusCode::OK, &All(all.into_iter().map(Shown::from).collect()))
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let example = json!([{ "kid": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "alg": "RS256",
        "state": "current", "published_at": "2026-11-23T06:30:00.000Z",
        "signs_from": "2026-11-23T09:30:00.000Z", "gone_at": null }]);
    Doc::new("List the signing keys", "For super admins.").response::<All>(
        200,
        "Every key that is published.",
        example,
    )
}
