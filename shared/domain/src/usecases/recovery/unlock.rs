use super::one_time_token::{OneTimeTokenError, refused};
use crate::{
    model::{
        activity::{Activity, PendingEvents},
        client::Client,
        event::Event,
        throttle::Rule,
        token::{Purpose, TokenHash},
    },
    ports::{Crypto, Ports, Store},
    usecases::{throttle, token_secret::TokenSecret},
};

/// Ends the lock that the token was mailed for, once, and forgets the failures that brought it.
pub async fn unlock(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<(), OneTimeTokenError> {
    throttle::check(ports, Rule::Links, client)?;
    let user = match TokenSecret::owner(token) {
        Some(owner) => ports.store.user(owner).await?,
        None => None,
    };
    let Some(user) = user else {
        return Err(refused(ports, client).await);
    };
    let pending_events =
        PendingEvents::new(Activity::new(ports, Event::Unlock, client).of_self(&user));
    let hash = TokenHash::of(Purpose::Unlock, token);
    let (ended_before, now) = (ports.crypto.ended_before().await?, ports.clock.now());
    let store = &ports.store;
    if store.unlock_account(&user.email, &hash, ended_before, &pending_events, now).await? {
        return Ok(());
    }
    Err(refused(ports, client).await)
}
