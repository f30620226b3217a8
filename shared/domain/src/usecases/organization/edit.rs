use futures::future::try_join_all;

use crate::{
    model::{
        activity::compared,
        authorization::Authorization,
        client::Client,
        code::Code,
        event::Event,
        fields::{Fields, audited},
        idempotency::{Idempotency, IdempotencyRecord},
        organization::{Organization, OrganizationFields, OrganizationPatch, PLATFORM},
    },
    ports::{Crypto, OrganizationWrite, Ports, Refused, Store, StoreError, Unique},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator, answered, matches},
        commit::{Created, commit_on},
        error::UseCaseError,
        idempotency,
        permission::renewed,
    },
};

/// An organization that the caller may know of; the members of the built-in one are not counted.
pub(crate) async fn known_organization(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    code: &str,
) -> Result<Organization, AdministerError> {
    let found = if authorization.sees(code) { ports.store.organization(code).await? } else { None };
    found.ok_or(AdministerRefusal::NotFound("organization").into())
}

/// One organization that the caller may know of.
pub async fn organization(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    code: &str,
) -> Result<Organization, AdministerError> {
    Ok(counted(ports, known_organization(ports, authorization, code).await?).await?)
}

/// With the number of its members: those of the built-in one, of which there are few, are counted.
async fn counted(
    ports: &Ports<impl Store, impl Crypto>,
    mut organization: Organization,
) -> Result<Organization, StoreError> {
    if organization.code.as_str() == PLATFORM {
        organization.member_count = ports.store.count_members(PLATFORM).await?;
    }
    Ok(organization)
}

/// A page of the organizations that the caller may know of, by code, behind `after`.
pub async fn organizations(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<Organization>, AdministerError> {
    if authorization.is_super_admin() {
        let found = ports.store.organizations(after, limit).await?;
        return Ok(try_join_all(found.into_iter().map(|one| counted(ports, one))).await?);
    }
    let own = authorization.organization().filter(|_| after.is_none());
    let found = match own {
        Some(own) => ports.store.organization(own).await?,
        None => None,
    };
    Ok(try_join_all(found.into_iter().map(|one| counted(ports, one))).await?)
}

/// Makes an organization. For super admins: its maker would rule it.
pub async fn create_organization(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, .. }: Administrator<'_>,
    (code, fields): (Code, OrganizationFields),
    idempotency: Option<&Idempotency<'_, Organization>>,
) -> Result<Created<Organization>, AdministerError> {
    let now = ports.clock.now();
    let made = Organization::made(code, ports.id(), fields, now);
    let remembered = idempotency::record(ports, idempotency, &made, now).await?;
    let load = || renewed(ports, authorization);
    let written = commit_on(authorization.clone(), load, |authorization| {
        write_new(ports, authorization, client, &made, remembered.as_ref())
    });
    match written.await {
        Err(UseCaseError::Refused(AdministerRefusal::Taken(taken))) => {
            answered(ports, idempotency, taken).await.map(Created::Replayed)
        }
        written => Created::of(ports, idempotency, written.map(|()| made)).await,
    }
}

async fn write_new(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: Authorization,
    client: &Client,
    made: &Organization,
    remembered: Option<&IdempotencyRecord>,
) -> Result<(), AdministerError> {
    if !authorization.is_super_admin() {
        return Err(AdministerRefusal::Forbidden("Only super admins create organizations.").into());
    }
    // The built-in one is not stored until somebody changes it.
    if made.code.folded() == PLATFORM.to_ascii_lowercase() {
        return Err(AdministerRefusal::Taken(Unique::Code).into());
    }
    let record = authorization.record(ports, Event::OrganizationCreated, client, &made.log_key());
    let activity = &compared(record, None, Some(&audited(&made.fields)));
    let change = OrganizationWrite { before: None, after: Some(made), activity };
    let (now, write) = (ports.clock.now(), ports.id());
    Ok(ports.store.write_organization(&change, remembered, now, write).await?)
}

/// What a change of an organization goes by.
async fn again(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    code: &str,
) -> Result<(Authorization, Organization), AdministerError> {
    let authorization = renewed(ports, authorization).await?;
    let before = known_organization(ports, &authorization, code).await?;
    Ok((authorization, before))
}

/// Changes an organization. Whether it is active is for super admins to say: nobody inside could
/// undo it.
pub async fn update_organization(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    code: &str,
    patch: &OrganizationPatch,
) -> Result<Organization, AdministerError> {
    let first = (authorization.clone(), known_organization(ports, authorization, code).await?);
    let load = || again(ports, authorization, code);
    let updated = commit_on(first, load, |(authorization, before)| async move {
        matches(if_match, before.version)?;
        let now = ports.clock.now();
        let after = before.changed(|fields| fields.patch(patch), now);
        if after == before {
            return Ok(before);
        }
        if after.is_active != before.is_active {
            if code == PLATFORM {
                return Err(AdministerRefusal::BuiltIn.into());
            }
            if !authorization.is_super_admin() {
                return Err(AdministerRefusal::Forbidden(
                    "Only super admins activate or deactivate organizations.",
                )
                .into());
            }
        }
        let log = before.log_key();
        let record = authorization.record(ports, Event::OrganizationUpdated, client, &log);
        let activity =
            &compared(record, Some(&audited(&before.fields)), Some(&audited(&after.fields)));
        let change = OrganizationWrite { before: Some(&before), after: Some(&after), activity };
        ports.store.write_organization(&change, None, now, ports.id()).await?;
        Ok(after)
    });
    Ok(counted(ports, updated.await?).await?)
}

/// Deletes an organization that has no members. For super admins.
pub async fn delete_organization(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    code: &str,
) -> Result<(), AdministerError> {
    let first = (authorization.clone(), known_organization(ports, authorization, code).await?);
    let load = || again(ports, authorization, code);
    commit_on(first, load, |(authorization, before)| async move {
        matches(if_match, before.version)?;
        if code == PLATFORM {
            return Err(AdministerRefusal::BuiltIn.into());
        }
        if !authorization.is_super_admin() {
            // Everybody but super admins is a member of what they see.
            return Err(StoreError::from(Refused::InUse).into());
        }
        let now = ports.clock.now();
        let log = before.log_key();
        let record = authorization.record(ports, Event::OrganizationDeleted, client, &log);
        let activity = &compared(record, Some(&audited(&before.fields)), None);
        let change = OrganizationWrite { before: Some(&before), after: None, activity };
        ports.store.write_organization(&change, None, now, ports.id()).await?;
        Ok(())
    })
    .await
}
