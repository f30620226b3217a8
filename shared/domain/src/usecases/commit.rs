//! Reading, deciding, and writing on what was read.

use crate::{
    model::idempotency::{Idempotency, StoredResponse},
    ports::{Crypto, Ports, Refused, Store, StoreError},
    usecases::{
        error::{Refusal, UseCaseError},
        idempotency::opened,
    },
};

/// How often a change is tried again on a newer version.
const ATTEMPTS: usize = 10;

/// An error that may tell that what was read is no longer so.
pub(crate) trait MayBeStale: From<StoreError> {
    fn is_stale(&self) -> bool;
}

impl MayBeStale for StoreError {
    fn is_stale(&self) -> bool {
        matches!(self, Self::Refused(Refused::Stale))
    }
}

impl<R: Refusal> MayBeStale for UseCaseError<R> {
    fn is_stale(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_stale())
    }
}

/// Loads, and writes what is planned on what was loaded; again when that is no longer so
/// ([`Refused::Stale`]). After ten times the store counts as away.
pub(crate) async fn commit<L, T, E, Load, Plan>(
    load: impl FnMut() -> Load,
    plan: impl FnMut(L) -> Plan,
) -> Result<T, E>
where
    E: MayBeStale,
    Load: Future<Output = Result<L, E>>,
    Plan: Future<Output = Result<T, E>>,
{
    let mut load = load;
    commit_on(load().await?, load, plan).await
}

/// The same on what is loaded already; `load` is for the attempts after the first.
pub(crate) async fn commit_on<L, T, E, Load, Plan>(
    first: L,
    load: impl FnMut() -> Load,
    plan: impl FnMut(L) -> Plan,
) -> Result<T, E>
where
    E: MayBeStale,
    Load: Future<Output = Result<L, E>>,
    Plan: Future<Output = Result<T, E>>,
{
    commit_within(ATTEMPTS, first, load, plan).await
}

/// The same for what many write at once: so many attempts, between which `load` waits.
pub(crate) async fn commit_within<L, T, E, Load, Plan>(
    attempts: usize,
    first: L,
    mut load: impl FnMut() -> Load,
    mut plan: impl FnMut(L) -> Plan,
) -> Result<T, E>
where
    E: MayBeStale,
    Load: Future<Output = Result<L, E>>,
    Plan: Future<Output = Result<T, E>>,
{
    let mut loaded = first;
    for _ in 1..attempts {
        match plan(loaded).await {
            Err(error) if error.is_stale() => loaded = load().await?,
            outcome => return outcome,
        }
    }
    match plan(loaded).await {
        Err(error) if error.is_stale() => {
            Err(StoreError::Unavailable("it changed too often meanwhile".into()).into())
        }
        outcome => outcome,
    }
}

/// What was made, or the first answer to the same `Idempotency-Key` and body.
#[derive(Debug, Clone, PartialEq)]
pub enum Created<T> {
    New(T),
    Replayed(StoredResponse),
}

impl<T> Created<T> {
    /// Of a write that may be a repetition.
    pub(crate) async fn of<K, R: Refusal>(
        ports: &Ports<impl Store, impl Crypto>,
        idempotency: Option<&Idempotency<'_, K>>,
        made: Result<T, UseCaseError<R>>,
    ) -> Result<Self, UseCaseError<R>> {
        match (made, idempotency) {
            (Ok(made), _) => Ok(Self::New(made)),
            (
                Err(UseCaseError::Store(StoreError::Refused(Refused::Replayed(first)))),
                Some(idempotency),
            ) => opened(ports, idempotency, &first).await.map(Self::Replayed),
            (Err(error), _) => Err(error),
        }
    }
}
