use super::types::AccountStatus;
use crate::{
    Ports,
    ids::Id,
    mail::{Purpose, TokenHash},
    ports::{Activation, StoreError},
};

/// Why an address was not proven.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// Unknown, used, expired, or another sign-up for this address was proven first.
    #[error("the token is not valid")]
    InvalidToken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Turns the sign-up of `token` into an active account with the password of that sign-up, once.
///
/// Whoever registered somebody else's address gains nothing: the first link that is followed makes the account, and
/// every other one for that address is dead from then on.
pub async fn verify_email(ports: &Ports, token: &str) -> Result<(), VerifyError> {
    let now = ports.clock.now();
    let hash = TokenHash::of(Purpose::VerifyEmail, token);
    let sign_up = ports.accounts.sign_up(&hash).await?.ok_or(VerifyError::InvalidToken)?;
    if sign_up.expires_at <= now {
        return Err(VerifyError::InvalidToken);
    }
    let mut user = sign_up.user.clone();
    user.status = AccountStatus::Active;
    user.email_verified = true;
    user.updated_at = now;
    let write = Id::new(ports.clock.as_ref(), ports.rng.as_ref());
    match ports.accounts.activate(&sign_up, &user, now, write).await? {
        Activation::Done => Ok(()),
        Activation::Refused => Err(VerifyError::InvalidToken),
    }
}
