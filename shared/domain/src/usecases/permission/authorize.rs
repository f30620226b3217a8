use std::sync::Arc;

use crate::{
    model::{
        authorization::Authorization,
        code::Code,
        permission::{Catalogue, OwnRoles, Right},
        session::{Caller, CatalogueState, OrganizationState},
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::{
        administration::{AdministerError, AdministerRefusal},
        error::{Refusal, UseCaseError, refusals},
    },
};

/// The catalogue as of `version` or later: the one that the process keeps, or read again when the
/// gate saw a newer version. So a right that was taken away is gone at the next call.
async fn current(
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

/// The catalogue that the gate vouches for, with the own roles of the organization that it read.
pub(crate) async fn current_in(
    ports: &Ports<impl Store, impl Crypto>,
    state: &CatalogueState,
) -> Result<Arc<Catalogue>, StoreError> {
    let shared = current(ports, state.version).await?;
    match &state.organization {
        Some(organization) => with_own(ports, &shared, organization).await,
        None => Ok(shared),
    }
}

/// A catalogue with the own roles of an organization, whoever's it has; without any where there is
/// no such organization.
pub(crate) async fn catalogue_of(
    ports: &Ports<impl Store, impl Crypto>,
    catalogue: &Arc<Catalogue>,
    organization: &str,
) -> Result<Arc<Catalogue>, StoreError> {
    let found = of_organization(ports, catalogue, organization).await?;
    Ok(found.unwrap_or_else(|| Arc::new(catalogue.shared())))
}

/// The same; none where there is no such organization.
async fn of_organization(
    ports: &Ports<impl Store, impl Crypto>,
    catalogue: &Arc<Catalogue>,
    organization: &str,
) -> Result<Option<Arc<Catalogue>>, StoreError> {
    if catalogue.is_of(organization) {
        return Ok(Some(Arc::clone(catalogue)));
    }
    let Ok(code) = Code::parse(organization) else { return Ok(None) };
    match ports.store.organization_state(&code).await? {
        Some(state) => with_own(ports, catalogue, &state).await.map(Some),
        None => Ok(None),
    }
}

/// The same authorization over the catalogue of an organization that the caller may know of; of the
/// own one where none is said. Error: that `missing` is not there.
pub async fn within(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    organization: Option<&str>,
    missing: &'static str,
) -> Result<Authorization, AdministerError> {
    let Some(organization) = organization else { return Ok(authorization.clone()) };
    if !authorization.sees(organization) {
        return Err(AdministerRefusal::NotFound(missing).into());
    }
    let found = of_organization(ports, authorization.catalogue(), organization).await?;
    found.map(|found| authorization.over(found)).ok_or(AdministerRefusal::NotFound(missing).into())
}

pub(super) async fn with_own(
    ports: &Ports<impl Store, impl Crypto>,
    shared: &Catalogue,
    OrganizationState { log, roles_version, .. }: &OrganizationState,
) -> Result<Arc<Catalogue>, StoreError> {
    if *roles_version == 0 {
        let none = OwnRoles { organization: log.clone(), version: 0, roles: Vec::new() };
        return Ok(Arc::new(shared.with_own(&none)));
    }
    if let Some(kept) = ports.catalogue.own_at(shared, log, *roles_version) {
        return Ok(kept);
    }
    let read = ports.store.own_roles(log, *roles_version).await?;
    Ok(ports.catalogue.keep_own(shared, Arc::new(read)))
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
    let catalogue = current_in(ports, caller.catalogue_state()).await?;
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
    let version = authorization.catalogue().version;
    let Some(caller) = authorization.caller() else {
        let catalogue = Arc::new(ports.store.catalogue(version).await?);
        return Ok(Authorization::of_operator(catalogue));
    };
    // In a batch, as the gate reads: this needs no right of its own.
    let (id, place) = (caller.user().id, caller.session().organization.as_ref());
    let (shared, record) =
        futures::join!(ports.store.catalogue(version), ports.store.caller(id, None, place));
    let (shared, record) = (shared?, record?);
    let catalogue = match &record.catalogue_state.organization {
        Some(organization) => with_own(ports, &shared, organization).await?,
        None => Arc::new(shared),
    };
    let renewed = authorization.renewed(catalogue, record, ports.clock.now());
    renewed.ok_or(AdministerRefusal::Forbidden("You lost the right for this meanwhile.").into())
}
