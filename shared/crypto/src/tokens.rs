use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Header, Validation, decode, decode_header};
use rolecall_domain::{
    clock::{Clock, Timestamp},
    ports::{KeyDirectory, KeyError, TokenError, Tokens, VerifiedToken},
    session::AccessClaims,
    signing::{Algorithm, TokenType},
};
use serde::Serialize;

use crate::keys::{KeyRing, Known, KnownKeys, Published, Signer};

/// A token of ours has about 900 bytes; nothing longer is looked at.
const MAX_TOKEN: usize = 4096;

/// Signs with the ring's keys and checks against the directory's.
#[derive(Clone)]
pub struct AccessTokens<D> {
    ring: Arc<KeyRing>,
    known: KnownKeys<D>,
}

impl<D: KeyDirectory> AccessTokens<D> {
    /// Tokens signed by `ring` and checked against what `directory` publishes.
    #[must_use]
    pub fn new(ring: Arc<KeyRing>, directory: D, clock: Arc<dyn Clock>) -> Self {
        Self::by(ring, KnownKeys::new(directory, clock))
    }

    /// The same by a list that others go by, too.
    pub(crate) fn by(ring: Arc<KeyRing>, known: KnownKeys<D>) -> Self {
        Self { ring, known }
    }

    async fn signer(
        &self,
        known: &Known,
        at: Timestamp,
    ) -> Result<(String, Arc<Signer>), KeyError> {
        let published = known.list.signer(at).or_else(|| known.list.signer(self.known.now()));
        let kid = published
            .map(|one| one.key.kid.clone())
            .ok_or_else(|| KeyError("there is no signing key".to_owned()))?;
        let signer = self.ring.signer(&kid).await?;
        Ok((kid, signer))
    }
}

impl<D: KeyDirectory> Tokens for AccessTokens<D> {
    async fn sign_token(&self, claims: &AccessClaims, typ: TokenType) -> Result<String, KeyError> {
        let known = self.known.renewed().await?;
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
        self.signer(&self.known.some().await?, self.known.now()).await.map(drop)
    }

    async fn verify_token(&self, token: &str) -> Result<VerifiedToken, TokenError> {
        if token.len() > MAX_TOKEN {
            return Err(TokenError::Invalid);
        }
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        let token_type = header.typ.as_deref().and_then(TokenType::from_name);
        let token_type = token_type.filter(|_| header.crit.is_none()).ok_or(TokenError::Invalid)?;
        let kid = header.kid.ok_or(TokenError::Invalid)?;
        let known = self.known.with(|known| known.published.contains_key(&kid)).await?;
        let Published { algorithm, key } = known.published.get(&kid).ok_or(TokenError::Invalid)?;
        let algorithm = jwt(*algorithm);
        if header.alg != algorithm {
            return Err(TokenError::Invalid);
        }
        let token = decode::<AccessClaims>(token, key, &signature_alone(algorithm))
            .map_err(|_| TokenError::Invalid)?;
        Ok(VerifiedToken { claims: token.claims, token_type, kid })
    }

    async fn renew_keys(&self) -> Result<(), KeyError> {
        self.known.renewed().await.map(drop)
    }

    async fn is_published(&self, kid: &str) -> bool {
        self.known.any().await.published.contains_key(kid)
    }

    async fn forget_keys(&self) {
        self.known.forget().await;
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
