use rolecall_domain::session::Granted;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::accounts::{self, User};

/// A pair of tokens, and the user who signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = TokenPair)]
pub struct Pair {
    /// The access token: a JWT (RFC 9068).
    access: String,
    /// The refresh token: opaque, works once.
    refresh: String,
    /// Send it with the next sign-in from this device; it changes with every response.
    device: String,
    /// `Bearer`.
    #[schema(pattern = "^Bearer$")]
    token_type: &'static str,
    /// Lifetime in seconds.
    #[schema(minimum = 0)]
    expires_in: i64,
    /// Lifetime in seconds.
    #[schema(minimum = 0)]
    refresh_expires_in: i64,
    /// The session's id, `sid` in the token.
    #[schema(format = "uuid")]
    session_id: String,
    /// Who signed in.
    user: User,
}

impl From<Granted> for Pair {
    fn from(granted: Granted) -> Self {
        Self {
            access: granted.access,
            refresh: granted.refresh,
            device: granted.device,
            token_type: "Bearer",
            expires_in: granted.expires_in,
            refresh_expires_in: granted.refresh_expires_in,
            session_id: granted.session_id.to_string(),
            user: User::bare(&granted.user, &granted.memberships),
        }
    }
}

/// A pair for the OpenAPI document.
#[must_use]
pub fn example() -> Value {
    json!({
        "access": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJSUzI1NiIsImtpZCI6Ii4uLiJ9.….…",
        "refresh": "rcr_AZnB0noQezKfVAwdLj9KWw…",
        "device": "rcd_AZnB0noQezKfVAwdLj9KWw…",
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_expires_in": 604_800,
        "session_id": "0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60",
        "user": accounts::example(),
    })
}
