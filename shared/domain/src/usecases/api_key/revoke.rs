use std::convert::Infallible;

use super::owner::{KeyOwner, told};
use crate::{
    model::{
        activity::{Activity, PendingEvents},
        api_key::KeyText,
        client::Client,
        event::Event,
        ids::ApiKeyId,
        throttle::Rule,
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::{
        administration::AdministerError,
        commit::{commit, commit_on},
        error::UseCaseError,
        throttle,
    },
};

/// Ends a key: it opens nothing from the next call on.
pub async fn revoke(
    ports: &Ports<impl Store, impl Crypto>,
    first: &KeyOwner,
    id: ApiKeyId,
    client: &Client,
) -> Result<(), AdministerError> {
    let load = || first.again(ports);
    commit_on(first.clone(), load, |owner: KeyOwner| async move {
        let key = owner.key(ports, id).await?;
        let record = owner.record(ports, Event::ApiKeyRevoked, &key, client);
        let (store, events) = (&ports.store, PendingEvents::new(record));
        Ok(store.delete_api_key(&key, &events, ports.id()).await?)
    })
    .await
}

/// Ends the key that somebody found: whoever has it may. What is no key of ours ends nothing, and
/// counts for the network that sent it.
pub async fn report(
    ports: &Ports<impl Store, impl Crypto>,
    text: &str,
    client: &Client,
) -> Result<(), ReportError> {
    let ended = match KeyText::parse(text) {
        Some(text) => end_found(ports, &text, client).await?,
        None => false,
    };
    if !ended {
        throttle::check(ports, Rule::Tokens, client)?;
        if let Some(too_many) = throttle::count(ports, Rule::Tokens, client).await? {
            return Err(too_many.into());
        }
    }
    Ok(())
}

/// Why a found key was not ended: too often, or the store is away.
pub type ReportError = UseCaseError<Infallible>;

/// Whether it was one.
async fn end_found(
    ports: &Ports<impl Store, impl Crypto>,
    text: &KeyText,
    client: &Client,
) -> Result<bool, StoreError> {
    let load = || ports.store.api_key(text.owner, text.id);
    commit(load, |found| async move {
        let Some(key) = found.filter(|key| key.is_proven_by(text, ports.clock.now())) else {
            return Ok(false);
        };
        let record = Activity::new(ports, Event::ApiKeyRevoked, client).of_user(key.owner);
        let record = told(record.in_log(&key.log_key()), &key).with("by", "holder");
        let (store, events) = (&ports.store, PendingEvents::new(record));
        store.delete_api_key(&key, &events, ports.id()).await.map(|()| true)
    })
    .await
}
