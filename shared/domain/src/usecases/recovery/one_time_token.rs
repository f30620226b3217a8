use crate::{
    model::{
        client::Client,
        organization::UserWithMemberships,
        recovery::OneTimeToken,
        throttle::Rule,
        token::{Purpose, TokenHash},
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        error::{Refusal, UseCaseError, refusals},
        throttle,
        token_secret::TokenSecret,
    },
};

/// Why a mailed token was not taken.
pub type OneTimeTokenError = UseCaseError<InvalidToken>;

/// Unknown, used, over, or replaced by a newer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is not valid")]
pub struct InvalidToken;

impl Refusal for InvalidToken {}
refusals!(InvalidToken);

/// An account, and a token of it.
pub(super) type Redeemable = (UserWithMemberships, OneTimeToken);

/// The account and the token of a token that is good now. It uses nothing up.
pub(super) async fn redeemable(
    ports: &Ports<impl Store, impl Crypto>,
    purpose: Purpose,
    token: &str,
    client: &Client,
) -> Result<Redeemable, OneTimeTokenError> {
    throttle::check(ports, Rule::Links, client)?;
    let Some(owner) = TokenSecret::owner(token) else {
        return Err(refused(ports, client).await);
    };
    let hash = TokenHash::of(purpose, token);
    let (found, ended_before) =
        futures::join!(ports.store.one_time_token(owner, purpose), ports.crypto.ended_before());
    let (ended_before, now) = (ended_before?, ports.clock.now());
    match found? {
        (Some(person), Some(one_time_token))
            if one_time_token.is_good_for(&person.user, purpose, &hash, ended_before, now) =>
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
        Ok(None) => InvalidToken.into(),
        Ok(Some(too_many)) => too_many.into(),
        Err(error) => error.into(),
    }
}
