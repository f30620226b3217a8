use std::sync::Arc;

use crate::{
    model::{
        authorization::Authorization,
        permission::{Catalogue, Right},
        session::Caller,
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::{
        administration::{AdministerError, AdministerRefusal},
        error::{Refusal, UseCaseError, refusals},
    },
};

/// The catalogue as of `version` or later: the one that the process keeps, or read again when the
/// gate saw a newer version. So a right that was taken away is gone at the next call.
pub async fn current(
    ports: &Ports<impl Store, impl Crypto>,
    version: u64,
) -> Result<Arc<Catalogue>, StoreError> {
    if let Some(kept) = ports.catalogue.at(version) {
        return Ok(kept);
    }
    let read = Arc::new(ports.store.catalogue(version).await?);
    ports.catalogue.keep(&read);
    Ok(read)
}

/// Why there is no authorization.
pub type AuthorizationError = UseCaseError<Forbidden>;

/// The caller has none of the rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the right is missing")]
pub struct Forbidden;

impl Refusal for Forbidden {}
refusals!(Forbidden);

/// Holds a caller against the rights of a route, any one of which will do.
pub async fn authorize(
    ports: &Ports<impl Store, impl Crypto>,
    caller: Caller,
    any_of: &'static [Right],
) -> Result<Authorization, AuthorizationError> {
    let catalogue = current(ports, caller.catalogue_version()).await?;
    Authorization::of(caller, catalogue, any_of, ports.clock.now()).ok_or(Forbidden.into())
}

/// The authorization of an event function that only somebody with the AWS account's own credentials
/// can invoke.
pub async fn operator(ports: &Ports<impl Store, impl Crypto>) -> Result<Authorization, StoreError> {
    Ok(Authorization::of_operator(Arc::new(ports.store.catalogue(0).await?)))
}

/// The same authorization by the catalogue and the caller's account as they are now; nobody who
/// lost the right meanwhile has one.
pub(crate) async fn renewed(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
) -> Result<Authorization, AdministerError> {
    // In a batch, as the gate reads: this needs no right of its own.
    let caller = Vec::from_iter(authorization.user_id());
    let (catalogue, people) = futures::join!(
        ports.store.catalogue(authorization.catalogue().version),
        ports.store.users_with_memberships(&caller)
    );
    let (catalogue, person) = (Arc::new(catalogue?), people?.pop());
    let renewed = authorization.renewed(catalogue, person, ports.clock.now());
    renewed.ok_or(AdministerRefusal::Forbidden("You lost the right for this meanwhile.").into())
}
