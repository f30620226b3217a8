//! The secret of a mailed token.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    model::{
        ids::UserId,
        rng,
        token::{Purpose, TokenHash},
    },
    ports::{Crypto, Derivation, KeyError, Ports, Store},
};

/// A one-time token that is mailed: 256 bits, derived with the server key from 256 random ones.
/// Before them stands the id of its owner, where there is one: the table keeps one living token a
/// user and purpose.
///
/// The outbox keeps the random seed, the table keeps [`TokenHash`]: neither yields the token
/// without the server key, and `deliver_mail` can still write the link.
pub struct TokenSecret {
    pub nonce: [u8; 32],
    purpose: Purpose,
    text: String,
}

/// The last byte of an invitation, which is a byte longer than other tokens.
const INVITES: u8 = 1;

impl TokenSecret {
    pub async fn new(
        ports: &Ports<impl Store, impl Crypto>,
        purpose: Purpose,
        owner: Option<UserId>,
    ) -> Result<Self, KeyError> {
        Self::from_nonce(ports, purpose, owner, rng::bytes(ports.rng.as_ref())).await
    }

    /// The token of a seed.
    pub async fn from_nonce(
        ports: &Ports<impl Store, impl Crypto>,
        purpose: Purpose,
        owner: Option<UserId>,
        nonce: [u8; 32],
    ) -> Result<Self, KeyError> {
        let owner = owner.map(|owner| owner.as_bytes().to_vec()).unwrap_or_default();
        let mac = ports
            .crypto
            .derive(Derivation::TokenSecret, &[purpose.label().as_bytes(), &owner, &nonce])
            .await?;
        let mark: &[u8] = if purpose == Purpose::Invitation { &[INVITES] } else { &[] };
        Ok(Self {
            nonce,
            purpose,
            text: URL_SAFE_NO_PAD.encode([owner.as_slice(), &mac, mark].concat()),
        })
    }

    /// Whom a token names, as somebody sent it. It proves nothing: its hash does.
    #[must_use]
    pub fn owner(text: &str) -> Option<UserId> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .filter(|bytes| bytes.len() == 48 || Self::marks(bytes))?;
        bytes.first_chunk::<16>().map(|owner| UserId::from_bytes(*owner))
    }

    /// Whether a token, as somebody sent it, says that it is an invitation: one route takes it and
    /// a reset's.
    #[must_use]
    pub fn says_invitation(text: &str) -> bool {
        URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| Self::marks(&bytes))
    }

    fn marks(bytes: &[u8]) -> bool {
        bytes.len() == 49 && bytes.last() == Some(&INVITES)
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

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret(…)")
    }
}
