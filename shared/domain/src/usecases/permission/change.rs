use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::{
    model::{
        activity::compared,
        authorization::{Authorization, subject},
        client::Client,
        clock::Timestamp,
        event::Event,
        organization::PLATFORM,
        permission::{Catalogue, Definition, EffectiveRoles, Kind, Question, Right, is_built_in},
        role::Grant,
    },
    ports::{CatalogueWrite, CatalogueWritten, Crypto, Idempotency, Ports, Store, StoredResponse},
    usecases::administration::{ATTEMPTS, AdministerError, answered, changed_too_often, matches},
};

/// The outcome of a change of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// There is a definition that was not there before.
    Made(Definition),
    /// It is so now, or was before.
    Is(Definition),
    /// The same `Idempotency-Key` and body were here before; this was the answer.
    Replayed(StoredResponse),
}

impl Written {
    /// The definition, where it was not an answer given again.
    #[must_use]
    pub fn definition(&self) -> Option<&Definition> {
        match self {
            Self::Made(definition) | Self::Is(definition) => Some(definition),
            Self::Replayed(_) => None,
        }
    }
}

/// What an edit turns a definition into, and what it is called.
pub(crate) struct Edit {
    pub(crate) before: Option<Definition>,
    pub(crate) after: Option<Definition>,
    pub(crate) event: Event,
}

/// Makes or changes a definition. `edit` is asked again on a newer catalogue when somebody else was
/// faster, so what it refuses is refused on the state that is written upon.
pub(crate) async fn write(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    idempotency: Option<&Idempotency<'_, Definition>>,
    client: &Client,
    edit: impl Fn(&Catalogue) -> Result<Edit, AdministerError>,
) -> Result<Option<Written>, AdministerError> {
    let mut catalogue = Arc::clone(authorization.catalogue());
    for _ in 0..ATTEMPTS {
        let Edit { before, after, event } = match edit(&catalogue) {
            Ok(edited) => edited,
            // Somebody else may have been here with the same key.
            Err(AdministerError::Taken(taken)) => {
                return answered(ports, idempotency, taken)
                    .await
                    .map(|first| Some(Written::Replayed(first)));
            }
            Err(error) => return Err(error),
        };
        if before == after {
            return Ok(after.map(Written::Is));
        }
        let now = ports.clock.now();
        let [was, is] = [&before, &after].map(|definition| definition.as_ref().map(described));
        let of = after
            .as_ref()
            .or(before.as_ref())
            .map(|one| one.code().to_string())
            .unwrap_or_default();
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
        let write = ports.id();
        match ports.store.write_definition(&change, remembered.as_ref(), now, write).await? {
            CatalogueWritten::Done => {
                return Ok(after.map(|made| {
                    if before.is_none() { Written::Made(made) } else { Written::Is(made) }
                }));
            }
            CatalogueWritten::Replayed(first) => return Ok(Some(Written::Replayed(first))),
            CatalogueWritten::KeyReused => return Err(AdministerError::KeyReused),
            CatalogueWritten::InUse => {
                return Err(AdministerError::InUse("A member has this role."));
            }
            CatalogueWritten::Moved => {
                catalogue = Arc::new(ports.store.catalogue(catalogue.version).await?);
            }
        }
    }
    Err(changed_too_often().into())
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
    written
        .as_ref()
        .and_then(Written::definition)
        .cloned()
        .ok_or(AdministerError::NotFound("definition"))
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
            Definition::Role(role) if role.is_system => return Err(AdministerError::SystemRole),
            Definition::Role(role) if !authority.reaches_role(role) => {
                return Err(AdministerError::AboveYourLevel);
            }
            Definition::Role(_) => (false, "", Event::RoleDeleted),
        };
        if is_built_in(kind, code) {
            return Err(AdministerError::BuiltIn);
        }
        if is_in_use {
            return Err(AdministerError::InUse(why));
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
    catalogue.definition(kind, code).ok_or(AdministerError::NotFound(what))
}

/// A definition as records show it.
pub(crate) fn described(definition: &Definition) -> Map<String, Value> {
    let grants =
        |grants: &std::collections::BTreeMap<crate::model::code::Code, Grant>| -> Vec<String> {
            grants.keys().map(ToString::to_string).collect()
        };
    let value = match definition {
        Definition::Module(one) => json!({
            "name": one.name.as_str(),
            "description": one.description.as_ref().map(crate::model::words::Paragraph::as_str),
            "order": one.order,
            "icon": one.icon.as_ref().map(crate::model::words::Line::as_str),
            "is_active": one.is_active,
        }),
        Definition::Permission(one) => json!({
            "module": one.module.as_str(),
            "name": one.name.as_str(),
            "description": one.description.as_ref().map(crate::model::words::Paragraph::as_str),
            "action": one.action.as_str(),
            "is_active": one.is_active,
        }),
        Definition::Role(one) => json!({
            "name": one.name.as_str(),
            "description": one.description.as_ref().map(crate::model::words::Paragraph::as_str),
            "level": one.level.number(),
            "is_active": one.is_active,
            "permissions": grants(&one.permissions),
            "modules": grants(&one.modules),
        }),
    };
    value.as_object().cloned().unwrap_or_default()
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
            Err(AdministerError::OwnLastAdminRole)
        } else {
            Ok(())
        }
    }
}
