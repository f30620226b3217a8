use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    Crypto, Ports, Store,
    clock::Timestamp,
    ids::{SessionId, UserId},
    ports::{Derivation, KeyError, TokenError, VerifiedToken},
};

use super::types::Session;

/// The claims of an access token (RFC 9068 §2.2): these and nothing that grows with rights.
///
/// Numbers are whole seconds; a string, a fraction or a missing one does not parse, and then there
/// is no token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    pub sid: String,
    /// The active organization's code.
    pub org: Option<String>,
    pub iat: i64,
    pub exp: i64,
    /// Not valid before; never written, honoured when there.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// Generation and a derived part: the same for all who get the same successor.
    pub jti: String,
}

/// A claim that is there has to be a number: `null` is none.
fn present<'de, D: Deserializer<'de>>(claim: D) -> Result<Option<i64>, D::Error> {
    i64::deserialize(claim).map(Some)
}

impl AccessClaims {
    /// The claims of the live generation of `session`. They depend on nothing else, so every caller
    /// that is given the same successor is given the same token.
    pub async fn of(
        ports: &Ports<impl Store, impl Crypto>,
        session: &Session,
    ) -> Result<Self, KeyError> {
        let generation = session.generation.to_be_bytes();
        let mac =
            ports.crypto.derive(Derivation::TokenId, &[session.id.as_bytes(), &generation]).await?;
        let unique =
            mac.first_chunk::<16>().map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default();
        let iat = session.rotated_at.as_second();
        Ok(Self {
            iss: ports.settings.issuer.clone(),
            aud: ports.settings.audience.clone(),
            sub: session.user_id.to_string(),
            sid: session.id.to_string(),
            org: session.organization.as_ref().map(ToString::to_string),
            iat,
            exp: iat
                .saturating_add(ports.settings.access_lifetime.as_secs())
                .min(session.ends_at.as_second()),
            nbf: None,
            jti: format!("{}.{unique}", session.generation),
        })
    }

    /// Whose it is, in which session, of which generation; `None` when the claims are not of our
    /// making.
    #[must_use]
    pub fn subject(&self) -> Option<(UserId, SessionId, u32)> {
        let generation = self.jti.split_once('.')?.0.parse().ok()?;
        Some((self.sub.parse().ok()?, self.sid.parse().ok()?, generation))
    }

    fn is_current(&self, now: Timestamp) -> bool {
        let now = now.as_second();
        self.exp > now
            && self.iat <= now.saturating_add(LEEWAY)
            && self.nbf.is_none_or(|nbf| nbf <= now.saturating_add(LEEWAY))
    }
}

/// Seconds by which the clocks of two functions may differ.
const LEEWAY: i64 = 5;

/// Why a bearer token was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AccessTokenError {
    /// Forged, malformed, over, or for somebody else: the caller learns no more.
    #[error("the access token is not valid")]
    Invalid,
    /// The keys are out of reach.
    #[error(transparent)]
    Unavailable(KeyError),
}

/// Reads a bearer token: signature, algorithm, type, issuer, audience and times, all on the
/// injected clock.
///
/// It goes by the public keys as this process last read them. Whoever lets somebody in on it has to
/// read them again beside and ask whether the key is still there: [`super::authenticate()`] does.
pub(super) async fn verify(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
) -> Result<VerifiedToken, AccessTokenError> {
    let verified = ports.crypto.verify_token(token).await.map_err(|error| match error {
        TokenError::Invalid => AccessTokenError::Invalid,
        TokenError::Key(error) => AccessTokenError::Unavailable(error),
    })?;
    let claims = &verified.claims;
    let is_ours = claims.iss == ports.settings.issuer && claims.aud == ports.settings.audience;
    if is_ours && claims.is_current(ports.clock.now()) {
        Ok(verified)
    } else {
        Err(AccessTokenError::Invalid)
    }
}
