use std::{collections::HashMap, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, Header, Validation, decode, decode_header};
use rolecall_domain::{
    clock::{Clock, SignedDuration, Timestamp},
    ports::{KeyDirectory, KeyError, TokenError, Tokens, VerifiedToken},
    session::AccessClaims,
    signing::{Algorithm, KeyList, PublicKey, TokenType},
};
use serde::Serialize;
use tokio::sync::RwLock;

use crate::keys::{KeyRing, Signer};

/// A token of ours has about 900 bytes; nothing longer is looked at.
const MAX_TOKEN: usize = 4096;
/// Nothing is signed, and nobody let in, on public keys that were read longer ago than this.
const RENEW: SignedDuration = SignedDuration::from_secs(10);
/// An unknown `kid` makes them read again, at most this often: strangers choose the `kid`.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(1);

/// Signs with the ring's keys and checks against the directory's.
#[derive(Clone)]
pub struct AccessTokens<D>(Arc<Shared<D>>);

struct Shared<D> {
    ring: Arc<KeyRing>,
    directory: D,
    clock: Arc<dyn Clock>,
    known: RwLock<Known>,
}

#[derive(Default, Clone)]
struct Known {
    list: Arc<KeyList>,
    keys: Arc<HashMap<String, Published>>,
    read_at: Option<Timestamp>,
}

/// A public key at work. The directory says how it is used, never a token (RFC 8725 §3.1).
struct Published {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl<D: KeyDirectory> AccessTokens<D> {
    /// Tokens signed by `ring` and checked against what `directory` publishes.
    #[must_use]
    pub fn new(ring: Arc<KeyRing>, directory: D, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared { ring, directory, clock, known: RwLock::default() }))
    }

    /// Reads the public keys now: at start, which also opens the connection to the store.
    pub async fn warm(&self) -> Result<(), KeyError> {
        self.0.read_keys().await.map(drop)
    }

    /// What was read within `age`, or else what is read now.
    async fn known_within(&self, age: SignedDuration) -> Result<Known, KeyError> {
        let known = self.0.known.read().await.clone();
        let is_fresh = known.read_at.is_some_and(|at| self.0.clock.now().duration_since(at) < age);
        if is_fresh { Ok(known) } else { self.0.read_keys().await }
    }

    /// What is known, however old, if it has this key; or else what is read now.
    async fn with_key(&self, kid: &str) -> Result<Known, KeyError> {
        let known = self.0.known.read().await.clone();
        if known.keys.contains_key(kid) { Ok(known) } else { self.known_within(LOOK_AGAIN).await }
    }

    async fn signer(
        &self,
        known: &Known,
        at: Timestamp,
    ) -> Result<(String, Arc<Signer>), KeyError> {
        let published = known.list.signer(at).or_else(|| known.list.signer(self.0.clock.now()));
        let kid = published
            .map(|one| one.key.kid.clone())
            .ok_or_else(|| KeyError("there is no signing key".to_owned()))?;
        let signer = self.0.ring.signer(&kid).await?;
        Ok((kid, signer))
    }
}

impl<D: KeyDirectory> Shared<D> {
    async fn read_keys(&self) -> Result<Known, KeyError> {
        let list = self
            .directory
            .public_keys()
            .await
            .map_err(|error| KeyError(format!("public keys: {error}")))?;
        let mut keys = HashMap::new();
        for one in &list.keys {
            keys.insert(one.key.kid.clone(), published(&one.key)?);
        }
        let read =
            Known { list: Arc::new(list), keys: Arc::new(keys), read_at: Some(self.clock.now()) };
        let mut known = self.known.write().await;
        // Of two reads at once the older list may arrive later.
        if read.list.version >= known.list.version {
            known.clone_from(&read);
        }
        Ok(known.clone())
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

impl<D: KeyDirectory> Tokens for AccessTokens<D> {
    async fn sign_token(&self, claims: &AccessClaims, typ: TokenType) -> Result<String, KeyError> {
        let known = self.known_within(RENEW).await?;
        // By the token's own time, so that the same pair, given out again, has the same bytes.
        let issued = Timestamp::from_second(claims.iat).unwrap_or(Timestamp::MIN);
        let (kid, signer) = self.signer(&known, issued).await?;
        let mut header = Header::new(jwt(signer.algorithm()));
        header.typ = Some(typ.as_str().to_owned());
        header.kid = Some(kid);
        let message = format!("{}.{}", part(&header)?, part(claims)?);
        let signature = signer.sign(message.as_bytes())?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    async fn signing_key_is_ready(&self) -> Result<(), KeyError> {
        let known = self.0.known.read().await.clone();
        let known = if known.read_at.is_some() { known } else { self.0.read_keys().await? };
        self.signer(&known, self.0.clock.now()).await.map(drop)
    }

    async fn verify_token(&self, token: &str) -> Result<VerifiedToken, TokenError> {
        if token.len() > MAX_TOKEN {
            return Err(TokenError::Invalid);
        }
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        let token_type = header.typ.as_deref().and_then(TokenType::from_name);
        let token_type = token_type.filter(|_| header.crit.is_none()).ok_or(TokenError::Invalid)?;
        let kid = header.kid.ok_or(TokenError::Invalid)?;
        let known = self.with_key(&kid).await?;
        let Published { algorithm, key } = known.keys.get(&kid).ok_or(TokenError::Invalid)?;
        let algorithm = jwt(*algorithm);
        if header.alg != algorithm {
            return Err(TokenError::Invalid);
        }
        let token = decode::<AccessClaims>(token, key, &signature_alone(algorithm))
            .map_err(|_| TokenError::Invalid)?;
        Ok(VerifiedToken { claims: token.claims, token_type, kid })
    }

    async fn renew_keys(&self) -> Result<(), KeyError> {
        self.known_within(RENEW).await.map(drop)
    }

    async fn is_published(&self, kid: &str) -> bool {
        self.0.known.read().await.keys.contains_key(kid)
    }

    async fn forget_keys(&self) {
        self.0.known.write().await.read_at = None;
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
    let json = serde_json::to_vec(content)
        .map_err(|_| KeyError("a token could not be written".to_owned()))?;
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
