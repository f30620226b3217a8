//! The secret of a mailed token.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    model::{
        ids::{InvitationId, UserId},
        rng,
        secret_key::KeyId,
        token::{Purpose, TokenHash, TokenSeed},
    },
    ports::{Crypto, Derivation, KeyError, Ports, Store, Tag},
};

/// A one-time token that is mailed: 256 bits, derived with the server key from 256 random ones.
/// Before them stands the id of its owner, where there is one: the table keeps one living token a
/// user and purpose.
///
/// The outbox keeps the random seed, the table keeps [`TokenHash`]: neither yields the token
/// without the server key, and `deliver_mail` can still write the link.
pub struct TokenSecret {
    pub seed: TokenSeed,
    purpose: Purpose,
    text: String,
}

/// The last byte of an invitation, which is a byte longer than other tokens: of an account, or into
/// an organization.
const INVITES: u8 = 1;
const JOINS: u8 = 2;

impl TokenSecret {
    pub async fn new(
        ports: &Ports<impl Store, impl Crypto>,
        purpose: Purpose,
        owner: Option<UserId>,
    ) -> Result<Self, KeyError> {
        let nonce: [u8; 32] = rng::bytes(ports.rng.as_ref());
        let (now, named) = (ports.clock.now(), named(owner));
        let parts = [purpose.label().as_bytes(), &named, &nonce];
        let tag = ports.crypto.tag(Derivation::TokenSecret, now, &parts).await?;
        let key = KeyId::from_bytes(tag.first_chunk().copied().unwrap_or_default());
        Ok(Self::of(purpose, owner, TokenSeed { key, nonce }, &tag))
    }

    /// The hash of no token.
    #[must_use]
    pub fn nothing(purpose: Purpose) -> TokenHash {
        TokenHash::of(purpose, "")
    }

    /// The token of a seed.
    pub async fn from_seed(
        ports: &Ports<impl Store, impl Crypto>,
        purpose: Purpose,
        owner: Option<UserId>,
        seed: TokenSeed,
    ) -> Result<Self, KeyError> {
        let named = named(owner);
        let parts = [purpose.label().as_bytes(), &named, &seed.nonce];
        let tag = ports.crypto.tag_by(Derivation::TokenSecret, seed.key, &parts).await?;
        let tag = tag.ok_or_else(|| KeyError("the key of a mailed link is gone".to_owned()))?;
        Ok(Self::of(purpose, owner, seed, &tag))
    }

    fn of(purpose: Purpose, owner: Option<UserId>, seed: TokenSeed, tag: &Tag) -> Self {
        let (_, mac) = tag.split_at(4);
        let mark: &[u8] = match purpose {
            Purpose::Invitation => &[INVITES],
            Purpose::JoinOrganization => &[JOINS],
            _ => &[],
        };
        let text = URL_SAFE_NO_PAD.encode([named(owner).as_slice(), mac, mark].concat());
        Self { seed, purpose, text }
    }

    /// Whom a token names, as somebody sent it. It proves nothing: its hash does.
    #[must_use]
    pub fn owner(text: &str) -> Option<UserId> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .filter(|bytes| bytes.len() == 48 || Self::marks(bytes, INVITES))?;
        bytes.first_chunk::<16>().map(|owner| UserId::from_bytes(*owner))
    }

    /// Whether a token, as somebody sent it, says that it is an invitation: one route takes it and
    /// a reset's.
    #[must_use]
    pub fn says_invitation(text: &str) -> bool {
        URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| Self::marks(&bytes, INVITES))
    }

    /// The invitation into an organization that a token names, as somebody sent it.
    #[must_use]
    pub fn invitation(text: &str) -> Option<InvitationId> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| Self::marks(bytes, JOINS))?;
        bytes.first_chunk::<16>().map(|id| InvitationId::from_bytes(*id))
    }

    fn marks(bytes: &[u8], mark: u8) -> bool {
        bytes.len() == 49 && bytes.last() == Some(&mark)
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

fn named(owner: Option<UserId>) -> Vec<u8> {
    owner.map(|owner| owner.as_bytes().to_vec()).unwrap_or_default()
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret(…)")
    }
}
