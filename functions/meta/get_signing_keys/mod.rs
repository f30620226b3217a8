//! `GET /.well-known/jwks.json`: the public keys.

use http::StatusCode;
use rolecall_domain::ports::KeyDirectory;
use rolecall_domain::signing::PublicKey;
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::Context;

/// A JSON Web Key Set (RFC 7517).
#[derive(Serialize, ToSchema)]
#[schema(as = Jwks)]
pub struct KeySet {
    /// Every key that has signed a valid token or will sign one.
    keys: Vec<Key>,
}

/// A public key, RSA or Ed25519.
#[derive(Serialize, ToSchema)]
#[schema(as = Jwk)]
pub struct Key {
    /// RFC 7638 thumbprint.
    kid: String,
    /// `RSA` or `OKP`.
    kty: String,
    /// `RS256` or `EdDSA`.
    alg: String,
    /// `sig`.
    #[serde(rename = "use")]
    usage: String,
    /// RSA: modulus, base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    n: Option<String>,
    /// RSA: exponent, base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    e: Option<String>,
    /// OKP: `Ed25519`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    crv: Option<String>,
    /// OKP: the public key, base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    x: Option<String>,
}

impl From<PublicKey> for Key {
    fn from(PublicKey { kid, kty, alg, usage, n, e, crv, x }: PublicKey) -> Self {
        Self { kid, kty, alg, usage, n, e, crv, x }
    }
}

/// Returns the published keys; others may keep them for five minutes.
pub async fn handler(ctx: Context, _: Request) -> Result<Response, Problem> {
    let keys = ctx
        .ports
        .store
        .public_keys()
        .await?
        .keys
        .into_iter()
        .map(|one| Key::from(one.key))
        .collect();
    response::public(response::json(StatusCode::OK, &KeySet { keys }), 300)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let key = json!({ "kid": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "kty": "RSA",
        "alg": "RS256", "use": "sig", "n": "sXchDaQe…", "e": "AQAB" });
    Doc::new("Get the signing keys", "The keys that verify access tokens.")
        .response::<KeySet>(200, "The keys.", json!({ "keys": [key] }))
        .errors(&[ErrorCode::Unavailable])
}
