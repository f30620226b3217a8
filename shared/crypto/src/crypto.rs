use std::sync::Arc;

use rolecall_domain::{
    clock::Clock,
    meter::Meter,
    ports::{
        Derivation, KeyDirectory, KeyError, PasswordError, Passwords, Secrets, SigningKeys,
        TokenError, Tokens, Verdict, VerifiedToken,
    },
    session::AccessClaims,
    signing::{Algorithm, PublicKey, TokenType},
};

use crate::{AccessTokens, KeyRing, KeySource, PasswordPool};

/// Passwords, keys and tokens of one process; cloning is cheap.
#[derive(Clone)]
pub struct Crypto<D> {
    ring: Arc<KeyRing>,
    tokens: AccessTokens<D>,
    passwords: PasswordPool,
}

impl<D: KeyDirectory> Crypto<D> {
    /// Private keys come from `keys`, public ones from `directory`.
    #[must_use]
    pub fn new(
        keys: Arc<dyn KeySource>,
        directory: D,
        clock: Arc<dyn Clock>,
        passwords: PasswordPool,
    ) -> Self {
        let ring = Arc::new(KeyRing::new(keys));
        let tokens = AccessTokens::new(Arc::clone(&ring), directory, clock);
        Self { ring, tokens, passwords }
    }

    /// Reads the public keys now: at start, which also opens the connection to the store.
    pub async fn warm(&self) -> Result<(), KeyError> {
        self.tokens.warm().await
    }
}

impl<D: Clone> Crypto<D> {
    /// The same, counting for one request.
    #[must_use]
    pub fn metered(&self, meter: Arc<Meter>) -> Self {
        Self { passwords: self.passwords.metered(meter), ..self.clone() }
    }
}

impl<D: Send + Sync> Passwords for Crypto<D> {
    async fn hash_password(&self, password: &str) -> Result<String, PasswordError> {
        self.passwords.hash_password(password).await
    }

    async fn verify_password(
        &self,
        password: &str,
        hash: Option<&str>,
    ) -> Result<Verdict, PasswordError> {
        self.passwords.verify_password(password, hash).await
    }

    async fn recognises_hash(&self, hash: &str) -> Result<bool, PasswordError> {
        self.passwords.recognises_hash(hash).await
    }
}

impl<D: Send + Sync> Secrets for Crypto<D> {
    async fn derive(&self, purpose: Derivation, parts: &[&[u8]]) -> Result<[u8; 32], KeyError> {
        self.ring.derive(purpose, parts).await
    }

    async fn check_derived(
        &self,
        purpose: Derivation,
        parts: &[&[u8]],
        tag: &[u8],
    ) -> Result<bool, KeyError> {
        self.ring.check_derived(purpose, parts, tag).await
    }
}

impl<D: Send + Sync> SigningKeys for Crypto<D> {
    async fn prepare_server_key(&self) -> Result<(), KeyError> {
        self.ring.prepare_server_key().await
    }

    async fn make_key(&self, algorithm: Algorithm) -> Result<PublicKey, KeyError> {
        self.ring.make_key(algorithm).await
    }

    async fn has_key(&self, kid: &str) -> Result<bool, KeyError> {
        self.ring.has_key(kid).await
    }

    async fn discard_key(&self, kid: &str) -> Result<(), KeyError> {
        self.ring.discard_key(kid).await
    }
}

impl<D: KeyDirectory> Tokens for Crypto<D> {
    async fn sign_token(&self, claims: &AccessClaims, typ: TokenType) -> Result<String, KeyError> {
        self.tokens.sign_token(claims, typ).await
    }

    async fn signing_key_is_ready(&self) -> Result<(), KeyError> {
        self.tokens.signing_key_is_ready().await
    }

    async fn verify_token(&self, token: &str) -> Result<VerifiedToken, TokenError> {
        self.tokens.verify_token(token).await
    }

    async fn renew_keys(&self) -> Result<(), KeyError> {
        self.tokens.renew_keys().await
    }

    async fn is_published(&self, kid: &str) -> bool {
        self.tokens.is_published(kid).await
    }

    async fn forget_keys(&self) {
        self.tokens.forget_keys().await;
    }
}
