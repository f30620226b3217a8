use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    model::{
        session::{AccessClaims, Session, Unauthenticated},
        signing::TokenType,
    },
    ports::{Crypto, Derivation, KeyError, Ports, Store, TokenError, VerifiedToken},
    usecases::error::UseCaseError,
};

impl AccessClaims {
    /// The claims of the live generation of `session`. They depend on nothing else, so every caller
    /// that is given the same successor is given the same token.
    pub async fn of(
        ports: &Ports<impl Store, impl Crypto>,
        session: &Session,
    ) -> Result<Self, KeyError> {
        let generation = session.generation.to_be_bytes();
        let parts = [session.id.as_bytes().as_slice(), &generation];
        let tag = ports.crypto.tag(Derivation::TokenId, session.rotated_at, &parts).await?;
        let (_key, mac) = tag.split_at(4);
        let unique =
            mac.first_chunk::<16>().map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default();
        let iat = session.rotated_at.as_second();
        Ok(Self {
            iss: ports.settings.issuer.clone(),
            aud: ports.settings.audience.clone(),
            sub: session.user_id.to_string(),
            client_id: ports.settings.audience.clone(),
            sid: session.id.to_string(),
            org: session.organization.as_ref().map(ToString::to_string),
            iat,
            exp: iat
                .saturating_add(ports.settings.access_lifetime.as_secs())
                .min(session.ends_at.as_second()),
            nbf: None,
            jti: format!("{}.{unique}", session.generation),
        })
    }
}

/// Reads a bearer token: signature, algorithm, type, issuer, audience and times, all on the
/// injected clock.
///
/// It goes by the public keys as this process last read them. A caller who lets somebody in on it
/// reads them again beside and asks whether the key is still there: [`super::authenticate()`] does.
pub(super) async fn verify(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
) -> Result<VerifiedToken, UseCaseError<Unauthenticated>> {
    let verified = match ports.crypto.verify_token(token).await {
        Ok(verified) => verified,
        Err(TokenError::Invalid) => return Err(Unauthenticated.into()),
        Err(TokenError::Key(error)) => return Err(error.into()),
    };
    let claims = &verified.claims;
    let settings = &ports.settings;
    // What was signed before the setting changed stays good: nothing else is signed as `at+jwt`.
    let is_type = [TokenType::AccessToken, settings.token_type].contains(&verified.token_type);
    let is_ours = is_type && claims.iss == settings.issuer && claims.aud == settings.audience;
    if is_ours && claims.is_current(ports.clock.now()) {
        Ok(verified)
    } else {
        Err(Unauthenticated.into())
    }
}
