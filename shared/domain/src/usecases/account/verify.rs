use crate::{
    model::{
        account::AccountStatus,
        activity::{Activity, PendingEvents},
        client::Client,
        event::Event,
        throttle::Rule,
        token::{Purpose, TokenHash},
    },
    ports::{Crypto, Ports, Refused, Store, StoreError},
    usecases::{
        error::{Refusal, UseCaseError, refusals},
        throttle,
    },
};

/// Why an address was not proven.
pub type VerifyError = UseCaseError<InvalidSignUp>;

/// Unknown, used, expired, or another sign-up for this address was proven first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is not valid")]
pub struct InvalidSignUp;

impl Refusal for InvalidSignUp {}
refusals!(InvalidSignUp);

/// Turns the sign-up of `token` into an active account with the password of that sign-up, once.
///
/// Registering somebody else's address gains nothing: the first link that is followed makes
/// the account, and every other one for that address is dead from then on.
pub async fn verify_email(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<(), VerifyError> {
    throttle::check(ports, Rule::Links, client)?;
    if activate(ports, token, client).await? {
        return Ok(());
    }
    let over = throttle::count(ports, Rule::Links, client).await?;
    Err(over.map_or(InvalidSignUp.into(), VerifyError::TooMany))
}

async fn activate(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<bool, StoreError> {
    let now = ports.clock.now();
    let hash = TokenHash::of(Purpose::VerifyEmail, token);
    let found = ports.store.sign_up(&hash).await?;
    let Some(sign_up) = found.filter(|sign_up| sign_up.expires_at > now) else {
        return Ok(false);
    };
    let mut user = sign_up.user.clone();
    user.status = AccountStatus::Active;
    user.email_verified = true;
    user.updated_at = now;
    let pending_events =
        PendingEvents::new(Activity::new(ports, Event::UserCreated, client).of_user(user.id));
    let write = ports.id();
    match ports.store.activate_account(&sign_up, &user, &pending_events, now, write).await {
        Err(StoreError::Refused(Refused::Stale)) => Ok(false),
        written => written.map(|()| true),
    }
}
