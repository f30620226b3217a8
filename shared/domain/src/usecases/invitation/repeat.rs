//! Several invitations under one idempotency key. Each is written by itself, so the key is kept
//! behind the last: what is sent again before is answered by [`Invitation::is_same`].
//!
//! [`Invitation::is_same`]: crate::model::invitation::Invitation::is_same

use crate::{
    model::idempotency::{Idempotency, StoredResponse},
    ports::{Crypto, Ports, Refused, Store, StoreError},
    usecases::{
        administration::AdministerError,
        idempotency::{opened, record},
    },
};

/// What the same request was answered before.
pub async fn replayed<T>(
    ports: &Ports<impl Store, impl Crypto>,
    idempotency: Option<&Idempotency<'_, T>>,
) -> Result<Option<StoredResponse>, AdministerError> {
    let Some(idempotency) = idempotency else {
        return Ok(None);
    };
    match ports.store.stored_response(&idempotency.key, ports.clock.now()).await? {
        Some(first) => opened(ports, idempotency, &first).await.map(Some),
        None => Ok(None),
    }
}

/// Keeps what a request is answered.
pub async fn remember<T>(
    ports: &Ports<impl Store, impl Crypto>,
    idempotency: Option<&Idempotency<'_, T>>,
    made: &T,
) -> Result<(), AdministerError> {
    let now = ports.clock.now();
    let Some(record) = record(ports, idempotency, made, now).await? else {
        return Ok(());
    };
    match ports.store.record_with(&[], &record, now, ports.id()).await {
        // The same request was faster.
        Err(StoreError::Refused(Refused::Replayed(_))) => Ok(()),
        kept => Ok(kept?),
    }
}
