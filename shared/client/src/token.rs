use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jsonwebtoken::{Validation, decode, decode_header};
use serde::Deserialize;

use crate::{error::TokenError, jwks::PublicKey};

/// Who calls, as the access token says.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Caller {
    /// The account.
    pub user_id: String,
    /// The organization in which they act.
    pub organization: Option<String>,
    /// The session.
    pub session_id: String,
    /// When the token expires, in seconds since 1970.
    pub expires_at: u64,
    pub(crate) token: Arc<str>,
}

impl Caller {
    /// A caller without session and token, to test a [`Policy`](crate::Policy) with.
    pub fn new(user_id: impl Into<String>, organization: Option<&str>) -> Self {
        Self {
            user_id: user_id.into(),
            organization: organization.map(str::to_owned),
            session_id: String::new(),
            expires_at: 0,
            token: "".into(),
        }
    }

    /// Their access token, for [`Client::check`](crate::Client::check) and
    /// [`Tracker::acting_as`](crate::Tracker::acting_as).
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }
}

/// Without the token.
impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("user_id", &self.user_id)
            .field("organization", &self.organization)
            .field("session_id", &self.session_id)
            .finish_non_exhaustive()
    }
}

/// What a token must have.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) audience: &'a str,
    pub(crate) token_type: &'a str,
    pub(crate) leeway: Duration,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    #[serde(default)]
    org: Option<String>,
    iat: u64,
    exp: u64,
    #[serde(default)]
    nbf: Option<u64>,
}

/// The `kid` of a token that is not verified yet.
pub(crate) fn kid(token: &str) -> Result<String, TokenError> {
    let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
    // No extension that a token may call critical is known here (RFC 7515 §4.1.11).
    header.kid.filter(|_| header.crit.is_none()).ok_or(TokenError::Invalid)
}

/// Verifies a token: algorithm and signature by the key, type (RFC 9068 §4), issuer, audience and
/// times.
pub(crate) fn verify(
    token: &str,
    key: &PublicKey,
    expected: &Expected<'_>,
) -> Result<Caller, TokenError> {
    verify_at(token, key, expected, unix_seconds())
}

#[expect(clippy::disallowed_methods, reason = "the one place of this package that reads the clock")]
fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn verify_at(
    token: &str,
    key: &PublicKey,
    expected: &Expected<'_>,
    now: u64,
) -> Result<Caller, TokenError> {
    let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
    if header.alg != key.algorithm {
        return Err(TokenError::Algorithm);
    }
    // RFC 7515 §4.1.9: `application/` may be left out, and case does not matter.
    let typ = header.typ.unwrap_or_default().to_ascii_lowercase();
    let typ = typ.strip_prefix("application/").unwrap_or(&typ);
    if !typ.eq_ignore_ascii_case(expected.token_type) {
        return Err(TokenError::Type);
    }
    // Issuer, audience and times are compared below, where each has an error of its own.
    let mut validation = Validation::new(key.algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims::<&str>(&[]);
    let claims: Claims =
        decode(token, &key.key, &validation).map_err(|_| TokenError::Invalid)?.claims;
    if claims.iss != expected.issuer {
        return Err(TokenError::Issuer);
    }
    if claims.aud != expected.audience {
        return Err(TokenError::Audience);
    }
    let leeway = expected.leeway.as_secs();
    let leeway = leeway.saturating_add(u64::from(expected.leeway.subsec_nanos() > 0));
    if claims.exp.saturating_add(leeway) <= now {
        return Err(TokenError::Expired);
    }
    if claims.iat.max(claims.nbf.unwrap_or_default()) > now.saturating_add(leeway) {
        return Err(TokenError::NotYet);
    }
    Ok(Caller {
        user_id: claims.sub,
        organization: claims.org,
        session_id: claims.sid,
        expires_at: claims.exp,
        token: token.into(),
    })
}
