//! What administrators keep under codes, in one shape: modules, permissions, roles, organizations.

use crate::{
    model::{
        authorization::Authorization,
        code::Code,
        fields::Fields,
        idempotency::Idempotency,
        organization::{Organization, OrganizationFields, OrganizationPatch},
        versioned::Versioned,
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::{AdministerError, Administrator},
        commit::Created,
        organization,
        permission::{self, Defined},
    },
};

/// Something that is kept under a code, by its fields.
#[trait_variant::make(Send)]
pub trait Resource: Fields {
    /// One that the caller may know of.
    async fn get(
        ports: &Ports<impl Store, impl Crypto>,
        authorization: &Authorization,
        code: &str,
    ) -> Result<Versioned<Self>, AdministerError>;

    /// At most `limit` of those that the caller may know of, in the order of their positions,
    /// behind `after`.
    async fn list(
        ports: &Ports<impl Store, impl Crypto>,
        authorization: &Authorization,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Versioned<Self>>, AdministerError>;

    /// Where one stands in the list.
    fn position(one: &Versioned<Self>) -> String;

    /// Makes one under a code that is free.
    async fn create(
        ports: &Ports<impl Store, impl Crypto>,
        by: Administrator<'_>,
        new: (Code, Self),
        idempotency: Option<&Idempotency<'_, Versioned<Self>>>,
    ) -> Result<Created<Versioned<Self>>, AdministerError>;

    /// Changes one, and answers it as it is now.
    async fn update(
        ports: &Ports<impl Store, impl Crypto>,
        by: Administrator<'_>,
        code: &str,
        patch: &Self::Patch,
    ) -> Result<Versioned<Self>, AdministerError>;

    /// Deletes one that nothing depends on.
    async fn delete(
        ports: &Ports<impl Store, impl Crypto>,
        by: Administrator<'_>,
        code: &str,
    ) -> Result<(), AdministerError>;
}

/// Modules, permissions and roles, out of the catalogue that the gate vouches for.
impl<F: Defined> Resource for F {
    async fn get(
        ports: &Ports<impl Store, impl Crypto>,
        authorization: &Authorization,
        code: &str,
    ) -> Result<Versioned<F>, AdministerError> {
        let organization = F::organization_of(code);
        let there = permission::within(ports, authorization, organization, F::NAME).await?;
        permission::find(there.catalogue(), code).cloned()
    }

    async fn list(
        _: &Ports<impl Store, impl Crypto>,
        authorization: &Authorization,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Versioned<F>>, AdministerError> {
        let behind = |one: &&Versioned<F>| {
            after.is_none_or(|after| <F as Defined>::position(one).as_str() > after)
        };
        let all = F::all(authorization.catalogue());
        Ok(all.into_iter().filter(behind).take(limit).cloned().collect())
    }

    fn position(one: &Versioned<F>) -> String {
        <F as Defined>::position(one)
    }

    async fn create(
        ports: &Ports<impl Store, impl Crypto>,
        by: Administrator<'_>,
        new: (Code, F),
        idempotency: Option<&Idempotency<'_, Versioned<F>>>,
    ) -> Result<Created<Versioned<F>>, AdministerError> {
        permission::create(ports, by, new, idempotency).await
    }

    async fn update(
        ports: &Ports<impl Store, impl Crypto>,
        by: Administrator<'_>,
        code: &str,
        patch: &F::Patch,
    ) -> Result<Versioned<F>, AdministerError> {
        permission::update(ports, by, code, patch).await
    }

    async fn delete(
        ports: &Ports<impl Store, impl Crypto>,
        by: Administrator<'_>,
        code: &str,
    ) -> Result<(), AdministerError> {
        permission::delete::<F>(ports, by, code).await
    }
}

impl Resource for OrganizationFields {
    async fn get(
        ports: &Ports<impl Store, impl Crypto>,
        authorization: &Authorization,
        code: &str,
    ) -> Result<Organization, AdministerError> {
        organization::organization(ports, authorization, code).await
    }

    async fn list(
        ports: &Ports<impl Store, impl Crypto>,
        authorization: &Authorization,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Organization>, AdministerError> {
        organization::organizations(ports, authorization, after, limit).await
    }

    fn position(one: &Organization) -> String {
        one.code.to_string()
    }

    async fn create(
        ports: &Ports<impl Store, impl Crypto>,
        by: Administrator<'_>,
        new: (Code, Self),
        idempotency: Option<&Idempotency<'_, Organization>>,
    ) -> Result<Created<Organization>, AdministerError> {
        organization::create_organization(ports, by, new, idempotency).await
    }

    async fn update(
        ports: &Ports<impl Store, impl Crypto>,
        by: Administrator<'_>,
        code: &str,
        patch: &OrganizationPatch,
    ) -> Result<Organization, AdministerError> {
        organization::update_organization(ports, by, code, patch).await
    }

    async fn delete(
        ports: &Ports<impl Store, impl Crypto>,
        by: Administrator<'_>,
        code: &str,
    ) -> Result<(), AdministerError> {
        organization::delete_organization(ports, by, code).await
    }
}
