use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use aws_lc_rs::{rand::SystemRandom, signature::RSA_PKCS1_SHA256};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use rolecall_domain::{
    clock::{Clock, SignedDuration, Timestamp},
    ports::{KeyDirectory, KeyError, TokenError, Tokens},
    session::AccessClaims,
};
use serde::Serialize;
use tokio::sync::RwLock;

use crate::keys::KeyRing;

/// A token of ours has about 900 bytes; nothing longer is looked at.
const MAX_TOKEN: usize = 4096;
/// RFC 9068 §2.1.
const TYPE: &str = "at+jwt";
/// Public keys are read again after this long, so that a key that was taken away is forgotten.
const KEEP: SignedDuration = SignedDuration::from_secs(300);
/// An unknown `kid` makes them read again, at most this often: strangers choose the `kid`.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// Signs with the ring's key and checks against the directory's.
pub struct AccessTokens {
    ring: Arc<KeyRing>,
    directory: Arc<dyn KeyDirectory>,
    clock: Arc<dyn Clock>,
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, Arc<DecodingKey>>,
    read_at: Option<Timestamp>,
}

impl AccessTokens {
    /// Tokens signed by `ring` and checked against what `directory` publishes.
    #[must_use]
    pub fn new(ring: Arc<KeyRing>, directory: Arc<dyn KeyDirectory>, clock: Arc<dyn Clock>) -> Self {
        Self { ring, directory, clock, known: RwLock::default() }
    }

    /// Reads the public keys now: at start, which also opens the connection to the store.
    pub async fn warm(&self) -> Result<(), KeyError> {
        self.read_keys().await
    }

    async fn key(&self, kid: &str) -> Result<Option<Arc<DecodingKey>>, KeyError> {
        let now = self.clock.now();
        let (found, read_at) = {
            let known = self.known.read().await;
            (known.keys.get(kid).cloned(), known.read_at)
        };
        let age = read_at.map(|at| now.duration_since(at));
        let is_fresh = age.is_some_and(|age| age < if found.is_some() { KEEP } else { LOOK_AGAIN });
        if is_fresh {
            return Ok(found);
        }
        self.read_keys().await?;
        Ok(self.known.read().await.keys.get(kid).cloned())
    }

    async fn read_keys(&self) -> Result<(), KeyError> {
        let published = self.directory.public_keys().await.map_err(|error| KeyError(format!("public keys: {error}")))?;
        let mut keys = HashMap::new();
        for key in published {
            let decoding = DecodingKey::from_rsa_components(&key.n, &key.e)
                .map_err(|_| KeyError(format!("public key {} cannot be read", key.kid)))?;
            keys.insert(key.kid, Arc::new(decoding));
        }
        *self.known.write().await = Known { keys, read_at: Some(self.clock.now()) };
        Ok(())
    }
}

#[async_trait]
impl Tokens for AccessTokens {
    async fn sign(&self, claims: &AccessClaims) -> Result<String, KeyError> {
        let keys = self.ring.keys().await?;
        let mut header = Header::new(Algorithm::RS256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(keys.public.kid.clone());
        let message = format!("{}.{}", part(&header)?, part(claims)?);
        let mut signature = vec![0; keys.signing.public_modulus_len()];
        // jsonwebtoken's `encode` parses and checks the key for every token, which costs more than signing with it.
        keys.signing
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .map_err(|_| KeyError("the token could not be signed".to_owned()))?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    async fn verify(&self, token: &str) -> Result<AccessClaims, TokenError> {
        if token.len() > MAX_TOKEN {
            return Err(TokenError::Invalid);
        }
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        let is_ours = header.alg == Algorithm::RS256 && header.typ.as_deref() == Some(TYPE) && header.crit.is_none();
        let kid = header.kid.filter(|_| is_ours).ok_or(TokenError::Invalid)?;
        let key = self.key(&kid).await?.ok_or(TokenError::Invalid)?;
        decode::<AccessClaims>(token, &key, &signature_alone()).map(|token| token.claims).map_err(|_| TokenError::Invalid)
    }
}

/// A part of a JWS in compact form (RFC 7515 §7.1).
fn part(content: &impl Serialize) -> Result<String, KeyError> {
    let json = serde_json::to_vec(content).map_err(|_| KeyError("a token could not be written".to_owned()))?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// Times, issuer and audience are the domain's to compare, on the injected clock.
fn signature_alone() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}
