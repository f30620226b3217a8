use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, Header, Validation, decode, decode_header};
use rolecall_domain::{
    clock::{Clock, SignedDuration, Timestamp},
    ports::{KeyDirectory, KeyError, TokenError, Tokens},
    session::AccessClaims,
    signing::{Algorithm, KeyList, PublicKey},
};
use serde::Serialize;
use tokio::sync::RwLock;

use crate::keys::KeyRing;

/// A token of ours has about 900 bytes; nothing longer is looked at.
const MAX_TOKEN: usize = 4096;
/// RFC 9068 §2.1.
const TYPE: &str = "at+jwt";
/// What is known of the public keys is used for this long at most.
const KEEP: SignedDuration = SignedDuration::from_secs(300);
/// After this long they are read again beside the request, so that a key that was taken away is soon forgotten.
const RENEW: SignedDuration = SignedDuration::from_secs(10);
/// An unknown `kid` makes them read again, at most this often: strangers choose the `kid`.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// Signs with the ring's keys and checks against the directory's.
#[derive(Clone)]
pub struct AccessTokens(Arc<Shared>);

struct Shared {
    ring: Arc<KeyRing>,
    directory: Arc<dyn KeyDirectory>,
    clock: Arc<dyn Clock>,
    known: RwLock<Known>,
    is_renewing: AtomicBool,
}

#[derive(Default, Clone)]
struct Known {
    list: Arc<KeyList>,
    keys: Arc<HashMap<String, Published>>,
    read_at: Option<Timestamp>,
}

/// A public key at work. How it is used is said by the directory, never by a token (RFC 8725 §3.1).
struct Published {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl AccessTokens {
    /// Tokens signed by `ring` and checked against what `directory` publishes.
    #[must_use]
    pub fn new(ring: Arc<KeyRing>, directory: Arc<dyn KeyDirectory>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared { ring, directory, clock, known: RwLock::default(), is_renewing: AtomicBool::new(false) }))
    }

    /// Reads the public keys now: at start, which also opens the connection to the store.
    pub async fn warm(&self) -> Result<(), KeyError> {
        self.0.read_keys().await.map(drop)
    }

    /// What is known, and renewed beside the request when it is getting old.
    async fn known(&self) -> Result<Known, KeyError> {
        let known = self.0.known.read().await.clone();
        let age = known.read_at.map(|at| self.0.clock.now().duration_since(at));
        match age {
            Some(age) if age < RENEW => Ok(known),
            Some(age) if age < KEEP => {
                self.renew_beside();
                Ok(known)
            }
            _ => self.0.read_keys().await,
        }
    }

    fn renew_beside(&self) {
        if self.0.is_renewing.swap(true, Ordering::AcqRel) {
            return;
        }
        let shared = Arc::clone(&self.0);
        tokio::spawn(async move {
            // A failure comes back when what is known is too old.
            let _ = shared.read_keys().await;
            shared.is_renewing.store(false, Ordering::Release);
        });
    }

    async fn with_key(&self, kid: &str) -> Result<Known, KeyError> {
        let known = self.known().await?;
        let age = known.read_at.map_or(LOOK_AGAIN, |at| self.0.clock.now().duration_since(at));
        if known.keys.contains_key(kid) || age < LOOK_AGAIN { Ok(known) } else { self.0.read_keys().await }
    }
}

impl Shared {
    async fn read_keys(&self) -> Result<Known, KeyError> {
        let list = self.directory.keys().await.map_err(|error| KeyError(format!("public keys: {error}")))?;
        let mut keys = HashMap::new();
        for one in &list.keys {
            keys.insert(one.key.kid.clone(), published(&one.key)?);
        }
        let known = Known { list: Arc::new(list), keys: Arc::new(keys), read_at: Some(self.clock.now()) };
        *self.known.write().await = known.clone();
        Ok(known)
    }
}

fn published(key: &PublicKey) -> Result<Published, KeyError> {
    let unreadable = || KeyError(format!("public key {} cannot be read", key.kid));
    let algorithm = Algorithm::from_name(&key.alg).ok_or_else(unreadable)?;
    let decoding = match (algorithm, &key.n, &key.e, &key.x) {
        (Algorithm::Rs256, Some(n), Some(e), _) => DecodingKey::from_rsa_components(n, e),
        (Algorithm::EdDsa, _, _, Some(x)) => DecodingKey::from_ed_components(x),
        _ => return Err(unreadable()),
    };
    Ok(Published { algorithm, key: decoding.map_err(|_| unreadable())? })
}

#[async_trait]
impl Tokens for AccessTokens {
    async fn sign(&self, claims: &AccessClaims) -> Result<String, KeyError> {
        let known = self.known().await?;
        // By the token's own time, so that whoever is given the same pair again is given the same bytes.
        let issued = Timestamp::from_second(claims.iat).unwrap_or(Timestamp::MIN);
        let published = known.list.signer(issued).or_else(|| known.list.signer(self.0.clock.now()));
        let kid = published.map(|one| one.key.kid.clone()).ok_or_else(|| KeyError("there is no signing key".to_owned()))?;
        let signer = self.0.ring.signer(&kid).await?;
        let mut header = Header::new(jwt(signer.algorithm()));
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(kid);
        let message = format!("{}.{}", part(&header)?, part(claims)?);
        let signature = signer.sign(message.as_bytes())?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    async fn verify(&self, token: &str) -> Result<AccessClaims, TokenError> {
        if token.len() > MAX_TOKEN {
            return Err(TokenError::Invalid);
        }
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        let is_ours = header.typ.as_deref() == Some(TYPE) && header.crit.is_none();
        let kid = header.kid.filter(|_| is_ours).ok_or(TokenError::Invalid)?;
        let known = self.with_key(&kid).await?;
        let Published { algorithm, key } = known.keys.get(&kid).ok_or(TokenError::Invalid)?;
        let algorithm = jwt(*algorithm);
        if header.alg != algorithm {
            return Err(TokenError::Invalid);
        }
        decode::<AccessClaims>(token, key, &signature_alone(algorithm)).map(|token| token.claims).map_err(|_| TokenError::Invalid)
    }

    async fn forget(&self) {
        *self.0.known.write().await = Known::default();
    }
}

fn jwt(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    match algorithm {
        Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
        Algorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
    }
}

/// A part of a JWS in compact form (RFC 7515 §7.1).
fn part(content: &impl Serialize) -> Result<String, KeyError> {
    let json = serde_json::to_vec(content).map_err(|_| KeyError("a token could not be written".to_owned()))?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// Times, issuer and audience are the domain's to compare, on the injected clock.
fn signature_alone(algorithm: jsonwebtoken::Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}
