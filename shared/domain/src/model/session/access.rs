use serde::{Deserialize, Deserializer, Serialize};

use crate::model::{
    clock::Timestamp,
    ids::{SessionId, UserId},
};

/// The claims of an access token (RFC 9068 §2.2): these and nothing that grows with rights.
///
/// Numbers are whole seconds; a string, a fraction or a missing one does not parse, and then there
/// is no token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    /// RFC 9068 §2.2 asks for it. Every caller is the same client: the audience. Tokens from
    /// before have none.
    #[serde(default)]
    pub client_id: String,
    pub sid: String,
    /// The active organization's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
    /// Whose it is, in which session, of which generation; `None` when the claims are not of our
    /// making.
    #[must_use]
    pub fn subject(&self) -> Option<(UserId, SessionId, u32)> {
        let generation = self.jti.split_once('.')?.0.parse().ok()?;
        Some((self.sub.parse().ok()?, self.sid.parse().ok()?, generation))
    }

    pub(crate) fn is_current(&self, now: Timestamp) -> bool {
        let now = now.as_second();
        self.exp > now
            && self.iat <= now.saturating_add(LEEWAY)
            && self.nbf.is_none_or(|nbf| nbf <= now.saturating_add(LEEWAY))
    }
}

/// Seconds by which the clocks of two functions may differ.
const LEEWAY: i64 = 5;
