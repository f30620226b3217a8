//! What the links of mails are made of.

use rolecall_domain::{
    clock::SignedDuration,
    mail::{TokenSeed, UndoSeed},
    ports::StoreError,
    signing::KeyId,
};
use serde::{Deserialize, Serialize};

use super::id;

/// The link of a notice.
#[derive(Serialize, Deserialize)]
pub(super) struct Undo {
    owner: String,
    seed: Seed,
    valid_seconds: i64,
}

impl From<UndoSeed> for Undo {
    fn from(undo: UndoSeed) -> Self {
        let UndoSeed { owner, seed, valid_for } = undo;
        let (owner, seed) = (owner.to_string(), Seed::of(seed));
        Self { owner, seed, valid_seconds: valid_for.as_secs() }
    }
}

impl TryFrom<Undo> for UndoSeed {
    type Error = StoreError;

    fn try_from(stored: Undo) -> Result<Self, StoreError> {
        let valid_for = SignedDuration::from_secs(stored.valid_seconds);
        Ok(Self { owner: id(&stored.owner)?, seed: stored.seed.seed()?, valid_for })
    }
}

/// A token's key and nonce in base64url; from before keys had ids the nonce alone.
#[derive(Serialize, Deserialize)]
pub(super) struct Seed(String);

impl Seed {
    pub(super) fn of(seed: TokenSeed) -> Self {
        Self(super::base64(&[seed.key.as_bytes().as_slice(), &seed.nonce].concat()))
    }

    pub(super) fn seed(&self) -> Result<TokenSeed, StoreError> {
        let bytes = super::from_base64(&self.0)?;
        let (key, nonce) = match bytes.split_first_chunk::<4>() {
            Some((key, nonce)) if bytes.len() == 36 => (KeyId::from_bytes(*key), nonce),
            _ => (KeyId::BEFORE_IDS, bytes.as_slice()),
        };
        let nonce = nonce.try_into();
        nonce
            .map(|nonce| TokenSeed { key, nonce })
            .map_err(|_| StoreError::Broken("a mail's seed has another length".to_owned()))
    }
}
