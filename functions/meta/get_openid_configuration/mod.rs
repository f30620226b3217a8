//! `GET /.well-known/openid-configuration`: what a stock JWT authorizer asks for.

use std::collections::BTreeSet;

use http::StatusCode;
use rolecall_domain::ports::KeyDirectory;
use rolecall_http::{ErrorCode, Problem, Request, Response, openapi::Doc, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::Context;

/// Discovery metadata (RFC 8414; OpenID Connect Discovery §3).
#[derive(Serialize, ToSchema)]
#[schema(as = Discovery)]
pub struct Metadata {
    /// The `iss` of every token.
    issuer: String,
    /// The public keys.
    jwks_uri: String,
    /// None: there is no authorization endpoint.
    response_types_supported: Vec<String>,
    /// None: without this RFC 8414 would take two for granted.
    grant_types_supported: Vec<String>,
    /// One subject for every client.
    subject_types_supported: Vec<String>,
    /// How tokens are signed.
    id_token_signing_alg_values_supported: Vec<String>,
}

/// Returns from the settings, and from the published keys how tokens are signed.
pub async fn handler(ctx: Context, _: Request) -> Result<Response, Problem> {
    let issuer = ctx.ports.settings.issuer.clone();
    let published = ctx.ports.store.public_keys().await?.keys;
    let algorithms: BTreeSet<String> = published.into_iter().map(|one| one.key.alg).collect();
    let metadata = Metadata {
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        response_types_supported: Vec::new(),
        grant_types_supported: Vec::new(),
        subject_types_supported: vec!["public".to_owned()],
        id_token_signing_alg_values_supported: algorithms.into_iter().collect(),
        issuer,
    };
    response::json(StatusCode::OK, &metadata)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new(
        "Get the discovery metadata",
        "For JWT authorizers and verifiers. It names only what is spoken: Rolecall is no OpenID \
            provider, and its sign-in is no OAuth token endpoint.",
    )
    .response::<Metadata>(
        200,
        "The metadata.",
        json!({
            "issuer": "https://id.example.com",
            "jwks_uri": "https://id.example.com/.well-known/jwks.json",
            "response_types_supported": [],
            "grant_types_supported": [],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }),
    )
    .errors(&[ErrorCode::Unavailable])
}
