use crate::{
    model::{
        client::Client,
        organization::UserWithMemberships,
        recovery::OneTimeToken,
        throttle::{Rule, TooMany},
        token::{Purpose, TokenHash},
    },
    ports::{Crypto, KeyError, Ports, Store, StoreError},
    usecases::{throttle, token_secret::TokenSecret},
};

/// Why a mailed token was not taken.
#[derive(Debug, thiserror::Error)]
pub enum OneTimeTokenError {
    /// Unknown, used, over, or replaced by a newer one.
    #[error("the token is not valid")]
    InvalidToken,
    /// The network failed too often.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A key is out of reach.
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The account and the token of a token that is good now. It uses nothing up.
pub(super) async fn redeemable(
    ports: &Ports<impl Store, impl Crypto>,
    purpose: Purpose,
    token: &str,
    client: &Client,
) -> Result<(UserWithMemberships, OneTimeToken), OneTimeTokenError> {
    throttle::check(ports, Rule::Links, client)?;
    let Some(owner) = TokenSecret::owner(token) else {
        return Err(refused(ports, client).await);
    };
    let hash = TokenHash::of(purpose, token);
    match ports.store.one_time_token(owner, purpose).await? {
        (Some(person), Some(one_time_token))
            if one_time_token.is_good_for(&person.user, purpose, &hash, ports.clock.now()) =>
        {
            Ok((person, one_time_token))
        }
        _ => Err(refused(ports, client).await),
    }
}

/// Counts the failure of the network.
pub(super) async fn refused(
    ports: &Ports<impl Store, impl Crypto>,
    client: &Client,
) -> OneTimeTokenError {
    match throttle::count(ports, Rule::Links, client).await {
        Ok(None) => OneTimeTokenError::InvalidToken,
        Ok(Some(too_many)) => too_many.into(),
        Err(error) => error.into(),
    }
}
