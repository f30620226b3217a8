//! `GET /.well-known/openid-configuration`: what a stock JWT authorizer asks for.

use http::StatusCode;
use rolecall_http::{Answer, Context, Request, answer, openapi::Doc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// Discovery metadata (RFC 8414; OpenID Connect Discovery §3).
#[derive(Serialize, ToSchema)]
#[schema(as = Discovery)]
pub struct Metadata {
    /// The `iss` of every token.
    issuer: String,
    /// The public keys.
    jwks_uri: String,
    /// Where to sign in.
    token_endpoint: String,
    /// Where to sign out.
    revocation_endpoint: String,
    /// None: there is no authorization endpoint.
    response_types_supported: Vec<String>,
    /// One subject for every client.
    subject_types_supported: Vec<String>,
    /// How tokens are signed.
    id_token_signing_alg_values_supported: Vec<String>,
}

/// Answers from the settings alone.
pub async fn handler(ctx: Context, _: Request) -> Answer {
    let issuer = ctx.ports.settings.issuer.clone();
    let metadata = Metadata {
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        token_endpoint: format!("{issuer}/api/v1/auth/token"),
        revocation_endpoint: format!("{issuer}/api/v1/auth/token/revoke"),
        response_types_supported: vec!["token".to_owned()],
        subject_types_supported: vec!["public".to_owned()],
        id_token_signing_alg_values_supported: vec![ctx.ports.settings.token_algorithm.as_str().to_owned()],
        issuer,
    };
    answer::json(StatusCode::OK, &metadata)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    Doc::new("Discovery metadata", "For JWT authorizers; Rolecall is no OpenID provider.").answer::<Metadata>(
        200,
        "The metadata.",
        json!({
            "issuer": "https://id.example.com",
            "jwks_uri": "https://id.example.com/.well-known/jwks.json",
            "token_endpoint": "https://id.example.com/api/v1/auth/token",
            "revocation_endpoint": "https://id.example.com/api/v1/auth/token/revoke",
            "response_types_supported": ["token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }),
    )
}
