use super::error::StoreError;
use crate::model::{
    activity::PendingEvents,
    session::AccessClaims,
    signing::{Algorithm, KeyList, PublicKey, TokenType},
};

/// Why a key could not be used. Never a default key, never an unsigned token.
#[derive(Debug, thiserror::Error)]
#[error("a key is out of reach: {0}")]
pub struct KeyError(pub String);

/// The published public keys.
#[trait_variant::make(Send)]
pub trait KeyDirectory: Send + Sync {
    /// Every key that may have signed a living token, signs, or will sign.
    async fn public_keys(&self) -> Result<KeyList, StoreError>;
    /// MUST replace the list only while `before` is the stored version (0: none is stored).
    async fn replace_keys(
        &self,
        before: u64,
        list: &KeyList,
        pending_events: &PendingEvents,
    ) -> Result<(), StoreError>;
}

/// The private halves, where they are kept: SSM on AWS, a folder on a developer's machine.
#[trait_variant::make(Send)]
pub trait SigningKeys: Send + Sync {
    /// Makes the server key if there is none.
    async fn prepare_server_key(&self) -> Result<(), KeyError>;
    /// Makes a key pair, keeps the private half and answers the public one.
    async fn make_key(&self, algorithm: Algorithm) -> Result<PublicKey, KeyError>;
    /// Whether the private half of a key is there.
    async fn has_key(&self, kid: &str) -> Result<bool, KeyError>;
    /// Destroys the private half of a key; one that is not there is no error.
    async fn discard_key(&self, kid: &str) -> Result<(), KeyError>;
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

/// Argon2id on threads of its own, at most as many at once as there are cores.
#[trait_variant::make(Send)]
pub trait Passwords: Send + Sync {
    /// A PHC string with a new random salt.
    async fn hash_password(&self, password: &str) -> Result<String, PasswordError>;
    /// Whether the password is that of `hash`. Without one it MUST cost the same and say no.
    ///
    /// A hash of another system is checked too; then one Argon2 is run all the same, so that a
    /// right and a wrong password cost one each.
    async fn verify_password(
        &self,
        password: &str,
        hash: Option<&str>,
    ) -> Result<Verdict, PasswordError>;
    /// Whether a hash has a form that `verify` can check, at the cost of checking it.
    async fn recognises_hash(&self, hash: &str) -> Result<bool, PasswordError>;
}

/// What a derived value is for: part of the derivation, so that none passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// A session's n-th refresh token.
    RefreshToken,
    /// The unique part of an access token's `jti`.
    TokenId,
    /// What a known device is given.
    Device,
    /// A cursor of a list.
    Cursor,
    /// The id under which an address without an account is counted.
    Stranger,
    TokenSecret,
    /// A request body, for `Idempotency-Key`.
    Fingerprint,
}

/// HMAC-SHA-256 under the server key.
#[trait_variant::make(Send)]
pub trait Secrets: Send + Sync {
    /// The tag over purpose and parts; parts are told apart by their lengths.
    async fn derive(&self, purpose: Derivation, parts: &[&[u8]]) -> Result<[u8; 32], KeyError>;
    /// Whether `tag` is that tag: MUST take the same time whatever differs.
    async fn check_derived(
        &self,
        purpose: Derivation,
        parts: &[&[u8]],
        tag: &[u8],
    ) -> Result<bool, KeyError>;
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
