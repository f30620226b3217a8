use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::{
    Ports,
    ports::{Derivation, KeyError},
    rng,
};

/// What a mailed token is for. It is part of the hash, so that no token works anywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Proves an address.
    VerifyEmail,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify-email",
        }
    }
}

/// A one-time token that is mailed: 256 bits, derived with the server key from 256 random ones.
///
/// The outbox keeps the random seed, the table keeps [`TokenHash`]: neither yields the token without the server key,
/// and `deliver_mail` can still write the link.
pub struct MailToken {
    /// The random seed.
    pub nonce: [u8; 32],
    purpose: Purpose,
    text: String,
}

impl MailToken {
    /// A new token.
    pub async fn new(ports: &Ports, purpose: Purpose) -> Result<Self, KeyError> {
        Self::from_nonce(ports, purpose, rng::bytes(ports.rng.as_ref())).await
    }

    /// The token of a seed.
    pub async fn from_nonce(ports: &Ports, purpose: Purpose, nonce: [u8; 32]) -> Result<Self, KeyError> {
        let mac = ports.secrets.derive(Derivation::MailToken, &[purpose.label().as_bytes(), &nonce]).await?;
        Ok(Self { nonce, purpose, text: URL_SAFE_NO_PAD.encode(mac) })
    }

    /// What the link carries.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// What the table keeps.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.purpose, &self.text)
    }
}

impl fmt::Debug for MailToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailToken(…)")
    }
}

/// SHA-256 over purpose and token. A lookup by it needs no constant-time comparison: whoever can steer the hash
/// cannot steer its preimage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash of a token as somebody sent it.
    #[must_use]
    pub fn of(purpose: Purpose, token: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(purpose.label().as_bytes());
        hash.update([0]);
        hash.update(token.as_bytes());
        Self(URL_SAFE_NO_PAD.encode(hash.finalize()))
    }

    /// A hash read back from the table.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// Base64url without padding.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
