use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rolecall_domain::{
    clock::{Clock, SignedDuration, Timestamp},
    ids::UserId,
    meter::Meter,
    ports::{
        Derivation, KeyDirectory, KeyError, PasswordError, Passwords, Resealed, Sealing, Secrets,
        SigningKeys, StoredHash, Tag, TokenError, Tokens, Verdict, VerifiedToken,
    },
    session::AccessClaims,
    signing::{Algorithm, KeyId, PublicKey, SecretKind, TokenType},
};

use crate::{
    AccessTokens, KeyRing, KeySource, PasswordPool, foreign, keys::KnownKeys, secrets::SecretTools,
};

/// What one Argon2 and the time around it take on a slow day.
const AROUND: Duration = Duration::from_millis(40);

/// Passwords, keys and tokens of one process; cloning is cheap.
#[derive(Clone)]
pub struct Crypto<D> {
    ring: Arc<KeyRing>,
    known: KnownKeys<D>,
    tokens: AccessTokens<D>,
    secrets: SecretTools<D>,
    passwords: PasswordPool,
}

impl<D: KeyDirectory> Crypto<D> {
    /// Private and secret keys come from `keys`, the list of them from `directory`.
    #[must_use]
    pub fn new(
        keys: Arc<dyn KeySource>,
        directory: D,
        clock: Arc<dyn Clock>,
        passwords: PasswordPool,
    ) -> Self {
        let ring = Arc::new(KeyRing::new(keys));
        let known = KnownKeys::new(directory, clock);
        let tokens = AccessTokens::by(Arc::clone(&ring), known.clone());
        let secrets = SecretTools::new(Arc::clone(&ring), known.clone());
        Self { ring, known, tokens, secrets, passwords }
    }

    /// Reads the list of keys now: at start, which also opens the connection to the store.
    pub async fn warm(&self) -> Result<(), KeyError> {
        self.known.read().await.map(drop)
    }
}

impl<D: Clone> Crypto<D> {
    /// The same, counting for one request.
    #[must_use]
    pub fn metered(&self, meter: Arc<Meter>) -> Self {
        Self { passwords: self.passwords.metered(meter), ..self.clone() }
    }
}

impl<D: KeyDirectory> Passwords for Crypto<D> {
    async fn hash_password(&self, owner: UserId, password: &str) -> Result<String, PasswordError> {
        let hash = self.passwords.hash_password(password).await?;
        Ok(self.secrets.seal_hash(owner, &hash).await?)
    }

    async fn verify_password(
        &self,
        password: &str,
        stored: Option<StoredHash<'_>>,
        is_admitted: bool,
    ) -> Result<Verdict, PasswordError> {
        let started = Instant::now();
        let verdict = self.verdict(password, stored).await?;
        if is_admitted && verdict != Verdict::Wrong {
            return Ok(verdict);
        }
        let least = self.known.any().await.list.slowest_hash;
        if let Ok(least) = Duration::try_from(least)
            && !least.is_zero()
        {
            // A check of that hash runs one Argon2 besides, and not always as fast.
            let least = least + least / 4 + AROUND;
            tokio::time::sleep(least.saturating_sub(started.elapsed())).await;
        }
        Ok(Verdict::Wrong)
    }

    async fn time_of_hash(&self, hash: &str) -> Result<Option<SignedDuration>, PasswordError> {
        let time = self.passwords.time_of_hash(hash).await?;
        Ok(time.map(|time| SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)))
    }

    async fn import_hash(&self, stored: StoredHash<'_>) -> Result<String, PasswordError> {
        let wrapped = self.passwords.wrap(stored.hash).await?;
        let keyed = foreign::kept_apart(&wrapped);
        if let Some((project, _)) = &keyed {
            self.ring.keep_project(project).await?;
        }
        let hash = keyed.map_or(wrapped, |(_, rest)| rest);
        Ok(self.secrets.seal_hash(stored.owner, &hash).await?)
    }

    async fn reseal_hash(&self, stored: StoredHash<'_>) -> Result<Resealed, PasswordError> {
        if !self.secrets.counts(stored).await? {
            return Ok(Resealed::Ended);
        }
        Ok(match self.secrets.open_hash(stored).await? {
            None => Resealed::Ended,
            Some((_, true)) => Resealed::Current,
            Some((hash, false)) => {
                Resealed::Anew(self.secrets.seal_hash(stored.owner, &hash).await?)
            }
        })
    }
}

impl<D: KeyDirectory> Crypto<D> {
    async fn verdict(
        &self,
        password: &str,
        stored: Option<StoredHash<'_>>,
    ) -> Result<Verdict, PasswordError> {
        let opened = match stored {
            Some(stored) if self.secrets.counts(stored).await? => {
                self.secrets.open_hash(stored).await?
            }
            _ => None,
        };
        let (hash, is_current) = opened.unzip();
        let whole = match hash.as_deref().and_then(foreign::put_together) {
            Some((id, whole)) => Some(whole(&self.ring.project(id).await?)),
            None => None,
        };
        let to_check = whole.as_deref().or(hash.as_deref());
        let verdict = self.passwords.verify_password(password, to_check).await?;
        let (Some(hash), Some(StoredHash { owner, .. })) = (hash, stored) else {
            return Ok(Verdict::Wrong);
        };
        let to_seal = match verdict {
            Verdict::Outdated { renewed: Some(hash) } => hash,
            Verdict::Right if is_current == Some(false) => hash,
            verdict => return Ok(verdict),
        };
        Ok(Verdict::Outdated { renewed: Some(self.secrets.seal_hash(owner, &to_seal).await?) })
    }
}

impl<D: KeyDirectory> Secrets for Crypto<D> {
    async fn tag(
        &self,
        purpose: Derivation,
        at: Timestamp,
        parts: &[&[u8]],
    ) -> Result<Tag, KeyError> {
        self.secrets.tag(purpose, at, parts).await
    }

    async fn tag_by(
        &self,
        purpose: Derivation,
        key: KeyId,
        parts: &[&[u8]],
    ) -> Result<Option<Tag>, KeyError> {
        self.secrets.tag_by(purpose, key, parts).await
    }

    async fn check_tag(
        &self,
        purpose: Derivation,
        parts: &[&[u8]],
        tag: &[u8],
    ) -> Result<bool, KeyError> {
        self.secrets.check_tag(purpose, parts, tag).await
    }

    async fn seal(
        &self,
        purpose: Sealing,
        bound_to: &[u8],
        content: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        self.secrets.seal(purpose, bound_to, content).await
    }

    async fn open(
        &self,
        purpose: Sealing,
        bound_to: &[u8],
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, KeyError> {
        self.secrets.open(purpose, bound_to, sealed).await
    }

    async fn ended_before(&self) -> Result<Option<Timestamp>, KeyError> {
        self.secrets.ended_before().await
    }
}

impl<D: Send + Sync> SigningKeys for Crypto<D> {
    async fn make_key(&self, algorithm: Algorithm) -> Result<PublicKey, KeyError> {
        self.ring.make_key(algorithm).await
    }

    async fn has_key(&self, kid: &str) -> Result<bool, KeyError> {
        self.ring.has_key(kid).await
    }

    async fn discard_key(&self, kid: &str) -> Result<(), KeyError> {
        self.ring.discard_key(kid).await
    }

    async fn make_secret(&self, kind: SecretKind) -> Result<KeyId, KeyError> {
        self.ring.make_secret(kind).await
    }

    async fn has_secret(&self, kind: SecretKind, id: KeyId) -> Result<bool, KeyError> {
        self.ring.has_secret(kind, id).await
    }

    async fn discard_secret(&self, kind: SecretKind, id: KeyId) -> Result<(), KeyError> {
        self.ring.discard_secret(kind, id).await
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
