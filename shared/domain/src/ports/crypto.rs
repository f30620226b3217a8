use super::error::StoreError;
use crate::model::{
    activity::{Activity, PendingEvents},
    clock::{SignedDuration, Timestamp},
    ids::{UserId, WriteId},
    secret_key::{KeyId, SecretKind},
    session::AccessClaims,
    signing::{Algorithm, KeyList, PublicKey, TokenType},
};

/// Why a key could not be used. Never a default key, never an unsigned token.
#[derive(Debug, thiserror::Error)]
#[error("a key is out of reach: {0}")]
pub struct KeyError(pub String);

/// The list of a stack's keys.
#[trait_variant::make(Send)]
pub trait KeyDirectory: Send + Sync {
    /// Every key that may have made something that lives, makes, or will make.
    async fn public_keys(&self) -> Result<KeyList, StoreError>;
    /// MUST replace the list only while `before` is the stored version (0: none is stored).
    async fn replace_keys(
        &self,
        before: u64,
        list: &KeyList,
        pending_events: &PendingEvents,
    ) -> Result<(), StoreError>;
    /// The same, ordered by somebody: MUST refuse it where the account that `activity` was allowed
    /// on is another one by now. The record is an item of its own.
    async fn order_keys(
        &self,
        before: u64,
        list: &KeyList,
        activity: &Activity,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// As [`replace_keys`](Self::replace_keys), and in one transaction with it `at` for the gate:
    /// MUST refuse every session that
    /// began by then from the next read of it on, and MUST never set it back.
    async fn end_everything(
        &self,
        before: u64,
        list: &KeyList,
        at: Timestamp,
        pending_events: &PendingEvents,
        write: WriteId,
    ) -> Result<(), StoreError>;
}

/// Private halves and secret keys, where they are kept: SSM on AWS, a folder on a developer's
/// machine.
#[trait_variant::make(Send)]
pub trait SigningKeys: Send + Sync {
    /// Makes a key pair, keeps the private half and answers the public one.
    async fn make_key(&self, algorithm: Algorithm) -> Result<PublicKey, KeyError>;
    /// Whether the private half of a key is there.
    async fn has_key(&self, kid: &str) -> Result<bool, KeyError>;
    /// Destroys the private half of a key; one that is not there is no error.
    async fn discard_key(&self, kid: &str) -> Result<(), KeyError>;
    /// Makes a secret key and keeps it.
    async fn make_secret(&self, kind: SecretKind) -> Result<KeyId, KeyError>;
    /// Whether a secret key is there.
    async fn has_secret(&self, kind: SecretKind, id: KeyId) -> Result<bool, KeyError>;
    /// Destroys a secret key; one that is not there is no error.
    async fn discard_secret(&self, kind: SecretKind, id: KeyId) -> Result<(), KeyError>;
}

/// Why a password was neither hashed nor checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// More wait than may: try again in a moment (429).
    #[error("too many passwords are being hashed")]
    Overloaded,
    /// Argon2 failed, or a stored hash cannot be read: a bug (500).
    #[error("hashing failed: {0}")]
    Failed(String),
    /// The key that seals hashes is out of reach (503).
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    /// The password, and the hash is as good as a new one.
    Right,
    /// The password; its hash has other parameters than a new one has, or is of another system.
    Outdated {
        /// A new hash, where checking made one.
        renewed: Option<String>,
    },
}

impl Verdict {
    /// Whether it was the password.
    #[must_use]
    pub fn is_right(&self) -> bool {
        *self != Self::Wrong
    }
}

/// What became of a hash that is to be sealed under the key of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resealed {
    /// It was already.
    Current,
    /// The same hash under the key of now.
    Anew(String),
    /// It proves nobody: it opens under no key, or passwords were ended before it was sealed.
    Ended,
}

/// A hash as it is stored, and whose it is: it opens for nobody else.
#[derive(Clone, Copy)]
pub struct StoredHash<'a> {
    pub owner: UserId,
    /// A sealed PHC string; or, unsealed, what another system or an older stack made.
    pub hash: &'a str,
}

/// Argon2id on threads of its own, at most as many at once as there are cores. Hashes are sealed
/// under a key that is not in the table: a copy of the table alone cannot be tried.
#[trait_variant::make(Send)]
pub trait Passwords: Send + Sync {
    /// A new hash of a password with a new random salt, sealed for its owner.
    async fn hash_password(&self, owner: UserId, password: &str) -> Result<String, PasswordError>;
    /// Whether the password is that of `stored`. Without one, with one that does not open, and
    /// where nobody `is_admitted`, it MUST cost the same and say no; and a no MUST take as long as
    /// it takes for the slowest hash that was imported.
    ///
    /// A hash of another system is checked too; then one Argon2 is run all the same, so that a
    /// right and a wrong password cost one each.
    async fn verify_password(
        &self,
        password: &str,
        stored: Option<StoredHash<'_>>,
        is_admitted: bool,
    ) -> Result<Verdict, PasswordError>;
    /// How long it takes to check a hash, unsealed, of another system or another stack. `None`: it
    /// has no form that `verify_password` can check.
    async fn time_of_hash(&self, hash: &str) -> Result<Option<SignedDuration>, PasswordError>;
    /// Such a hash as it is to be stored, sealed for its owner. A digest that is fast to try MUST
    /// be wrapped in Argon2id, and a key that hashes of a system share MUST stay out of the table.
    async fn import_hash(&self, stored: StoredHash<'_>) -> Result<String, PasswordError>;
    /// A hash of our own table, of any age, sealed for its owner under the key of now: MUST bring
    /// back none that was ended.
    async fn reseal_hash(&self, stored: StoredHash<'_>) -> Result<Resealed, PasswordError>;
}

/// What a tag is for: part of what is tagged, so that none passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// A session's n-th refresh token.
    RefreshToken,
    /// The unique part of an access token's `jti`.
    TokenId,
    /// What a known device is given.
    Device,
    /// The id under which an address without an account is counted.
    Stranger,
    TokenSecret,
}

/// What is sealed with a server key: part of the seal, so that nothing opens as something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealing {
    /// What the link of a verification mail carries.
    VerificationLink,
    /// What registering answers to the browser that signs up.
    Verifier,
    /// The first answer to an `Idempotency-Key`.
    StoredResponse,
    /// Where a page of a list ended.
    Cursor,
}

/// The id of a server key and an HMAC-SHA-256 under it.
pub type Tag = [u8; 36];

/// HMAC-SHA-256, and AES-256-GCM, under keys that are not in the table.
///
/// What was made names its key, and is taken as long as that key is on the list. A process makes
/// and takes nothing by a list that it read more than ten seconds ago, and reads it again when it
/// meets a key that is not on it.
#[trait_variant::make(Send)]
pub trait Secrets: Send + Sync {
    /// The tag over purpose and parts by the server key of `at`: MUST be the same bytes for the
    /// same arguments. Parts are told apart by their lengths.
    async fn tag(
        &self,
        purpose: Derivation,
        at: Timestamp,
        parts: &[&[u8]],
    ) -> Result<Tag, KeyError>;
    /// The same by a key of before, as [`Tag`] names it. `None`: it lives no more.
    async fn tag_by(
        &self,
        purpose: Derivation,
        key: KeyId,
        parts: &[&[u8]],
    ) -> Result<Option<Tag>, KeyError>;
    /// Whether `tag` is that tag by the key that it names, or, where it has 32 bytes, by the key
    /// from before keys had ids: MUST take the same time whatever differs.
    async fn check_tag(
        &self,
        purpose: Derivation,
        parts: &[&[u8]],
        tag: &[u8],
    ) -> Result<bool, KeyError>;
    /// The sealed content, which opens with the same purpose and `bound_to` alone.
    async fn seal(
        &self,
        purpose: Sealing,
        bound_to: &[u8],
        content: &[u8],
    ) -> Result<Vec<u8>, KeyError>;
    /// The content, if it was sealed like this by a key that lives.
    async fn open(
        &self,
        purpose: Sealing,
        bound_to: &[u8],
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, KeyError>;
    /// Until when everything was ended ([`KeyList::ended_before`]).
    async fn ended_before(&self) -> Result<Option<Timestamp>, KeyError>;
}

/// Why a token was not read.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It is not a token of ours.
    #[error("the token is not valid")]
    Invalid,
    /// The keys are out of reach.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// The claims of a token, its type, and the key that signed it.
#[derive(Debug, Clone)]
pub struct VerifiedToken {
    pub claims: AccessClaims,
    pub token_type: TokenType,
    /// The id of the key.
    pub kid: String,
}

/// Access tokens: RS256 or `EdDSA`, with `typ` and `kid`.
///
/// A process keeps what it knows of the public keys. [`Tokens::renew_keys`] reads them again when
/// that is more than ten seconds old, and is made to run beside a request's own read, so that it
/// costs no time.
#[trait_variant::make(Send)]
pub trait Tokens: Send + Sync {
    /// The signed token: MUST be the same bytes for the same claims, type and key. MUST sign with
    /// the key that the directory named within the last ten seconds.
    async fn sign_token(&self, claims: &AccessClaims, typ: TokenType) -> Result<String, KeyError>;
    /// Makes sure that the key that signs now is at hand.
    async fn signing_key_is_ready(&self) -> Result<(), KeyError>;
    /// The claims of a token whose signature and algorithm are right by the keys that are known,
    /// however old, and whose type is one of ours. It MUST take no key from the token itself (RFC
    /// 8725 §3) and compares no times: those belong to the injected clock.
    async fn verify_token(&self, token: &str) -> Result<VerifiedToken, TokenError>;
    /// Reads the public keys again when what is known is more than ten seconds old.
    async fn renew_keys(&self) -> Result<(), KeyError>;
    /// Whether a key was published when the directory was last read.
    async fn is_published(&self, kid: &str) -> bool;
    /// Takes everything for old, so that the next use asks the directory.
    async fn forget_keys(&self);
}
