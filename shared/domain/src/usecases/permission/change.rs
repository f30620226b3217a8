use std::sync::Arc;

use super::authorize::renewed;
use crate::{
    model::{
        activity::compared,
        authorization::{Authorization, subject},
        client::Client,
        clock::Timestamp,
        event::Event,
        idempotency::Idempotency,
        organization::PLATFORM,
        permission::{Catalogue, Definition, EffectiveRoles, Kind, Question, Right, is_built_in},
    },
    ports::{CatalogueWrite, Crypto, Ports, Store, Unique},
    usecases::{
        administration::{AdministerError, AdministerRefusal, answered, matches},
        commit::{Created, commit_on},
        error::UseCaseError,
    },
};

/// What an edit turns a definition into, and what it is called.
pub(crate) struct Edit {
    pub(crate) before: Option<Definition>,
    pub(crate) after: Option<Definition>,
    pub(crate) event: Event,
}

/// Writes what `edit` makes of the catalogue, and answers the definition as it is then. `edit` is
/// asked again on a newer catalogue when somebody else was faster, so what it refuses is refused on
/// the state that is written upon.
pub(crate) async fn write(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    idempotency: Option<&Idempotency<'_, Definition>>,
    client: &Client,
    edit: impl Fn(&Catalogue) -> Result<Edit, AdministerError>,
) -> Result<Option<Definition>, AdministerError> {
    let (first, edit) = (Arc::clone(authorization.catalogue()), &edit);
    let load = || async move { Ok(renewed(ports, authorization).await?.catalogue().clone()) };
    commit_on(first, load, |catalogue| async move {
        let Edit { before, after, event } = edit(&catalogue)?;
        if before == after {
            return Ok(after);
        }
        let now = ports.clock.now();
        let [was, is] =
            [&before, &after].map(|definition| definition.as_ref().map(Definition::audited));
        let of = after.as_ref().or(before.as_ref()).map(|one| one.code().to_string());
        let record = authorization.record(ports, event, client, PLATFORM).with("code", of);
        let activity = &compared(record, was.as_ref(), is.as_ref());
        let remembered = idempotency
            .zip(after.as_ref())
            .map(|(idempotency, made)| idempotency.record(made, now));
        let change = CatalogueWrite {
            version: catalogue.version,
            before: before.as_ref(),
            after: after.as_ref(),
            activity,
        };
        ports.store.write_definition(&change, remembered.as_ref(), now, ports.id()).await?;
        Ok(after)
    })
    .await
}

/// Makes a definition under a code that is free.
pub(crate) async fn create(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    made: Definition,
    idempotency: Option<&Idempotency<'_, Definition>>,
    client: &Client,
    allowed: impl Fn(&Catalogue) -> Result<(), AdministerError>,
) -> Result<Created<Definition>, AdministerError> {
    let event = match made.kind() {
        Kind::Module => Event::ModuleCreated,
        Kind::Permission => Event::PermissionCreated,
        Kind::Role => Event::RoleCreated,
    };
    let edit = |catalogue: &Catalogue| {
        allowed(catalogue)?;
        if catalogue.is_taken(made.kind(), made.code()) {
            return Err(AdministerRefusal::Taken(Unique::Code).into());
        }
        Ok(Edit { before: None, after: Some(made.clone()), event })
    };
    match write(ports, authorization, idempotency, client, edit).await {
        // Somebody else may have been here with the same key.
        Err(UseCaseError::Refused(AdministerRefusal::Taken(taken))) => {
            answered(ports, idempotency, taken).await.map(Created::Replayed)
        }
        written => Created::of(written.map(|_| made)),
    }
}

/// Changes a definition that is there.
pub async fn change(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    client: &Client,
    edit: impl Fn(&Catalogue) -> Result<Edited, AdministerError>,
) -> Result<Definition, AdministerError> {
    let edit = |catalogue: &Catalogue| {
        let Edited { before, after, event } = edit(catalogue)?;
        Ok(Edit { before: Some(before), after: Some(after), event })
    };
    let written = write(ports, authorization, None, client, edit).await?;
    written.ok_or(AdministerRefusal::NotFound("definition").into())
}

/// A definition as it was and as it is to be.
pub struct Edited {
    pub before: Definition,
    /// As it is to be.
    pub after: Definition,
    /// What that is called.
    pub event: Event,
}

/// Deletes a definition that nothing depends on: no member a role, no role a permission or module,
/// no permission a module.
pub async fn delete(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    (kind, code): (Kind, &str),
    if_match: Option<u64>,
    client: &Client,
) -> Result<(), AdministerError> {
    let edit = |catalogue: &Catalogue| {
        let before = find(catalogue, kind, code)?;
        matches(if_match, before.version())?;
        let authority = authorization.authority(catalogue, ports.clock.now());
        let (is_in_use, why, event) = match &before {
            Definition::Module(_) => {
                let has_permissions =
                    catalogue.permissions().iter().any(|one| one.module.as_str() == code);
                let is_open = !catalogue.opening(code).is_empty();
                (
                    has_permissions || is_open,
                    "A permission belongs to this module, or a role grants it.",
                    Event::ModuleDeleted,
                )
            }
            Definition::Permission(_) => (
                !catalogue.granting(code).is_empty(),
                "A role grants this permission.",
                Event::PermissionDeleted,
            ),
            Definition::Role(role) if role.is_system => {
                return Err(AdministerRefusal::SystemRole.into());
            }
            Definition::Role(role) if !authority.reaches_role(role) => {
                return Err(AdministerRefusal::AboveYourLevel.into());
            }
            Definition::Role(_) => (false, "", Event::RoleDeleted),
        };
        if is_built_in(kind, code) {
            return Err(AdministerRefusal::BuiltIn.into());
        }
        if is_in_use {
            return Err(AdministerRefusal::InUse(why).into());
        }
        Ok(Edit { before: Some(before), after: None, event })
    };
    write(ports, authorization, None, client, edit).await.map(drop)
}

/// A definition that is there.
pub(crate) fn find(
    catalogue: &Catalogue,
    kind: Kind,
    code: &str,
) -> Result<Definition, AdministerError> {
    let what = match kind {
        Kind::Module => "module",
        Kind::Permission => "permission",
        Kind::Role => "role",
    };
    catalogue.definition(kind, code).ok_or(AdministerRefusal::NotFound(what).into())
}

impl Authorization {
    /// Refuses a change of the catalogue by which the caller would take their own administration
    /// away.
    pub(crate) fn keeps_own_power(
        &self,
        before: &Catalogue,
        after: &Catalogue,
        now: Timestamp,
    ) -> Result<(), AdministerError> {
        let Some(caller) = self.caller() else {
            return Ok(());
        };
        let question = Question::Permission(Right::AssignRoles.code());
        let administers = |catalogue| {
            EffectiveRoles::new(subject(caller), catalogue, now).decide(question).is_allowed()
        };
        if administers(before) && !administers(after) {
            Err(AdministerRefusal::OwnLastAdminRole.into())
        } else {
            Ok(())
        }
    }
}
