use std::sync::atomic::{AtomicU32, Ordering};

use super::{
    authorize::{renewed, with_own},
    rules::{Defined, Rules},
};
use crate::{
    model::{
        activity::compared,
        authorization::{Authorization, subject},
        clock::Timestamp,
        code::Code,
        event::Event,
        idempotency::{Idempotency, IdempotencyRecord},
        organization::LogKey,
        permission::{Catalogue, Definition, EffectiveRoles, Question, Right, Subject},
        role::Role,
        session::OrganizationState,
        versioned::Versioned,
    },
    ports::{CatalogueWrite, Crypto, Ports, Store, Unique},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator, answered, matches},
        administrators::keeps_administered,
        commit::{Created, commit_within},
        error::UseCaseError,
        idempotency,
    },
};

/// What an edit turns a definition into, and what it is called.
pub(crate) struct Edit {
    pub(crate) before: Option<Definition>,
    pub(crate) after: Option<Definition>,
    pub(crate) event: Event,
}

/// How often a change is tried: with the waits between them for some ten seconds, which a function
/// has beside its work.
const ATTEMPTS: usize = 12;

/// What a change of a definition goes by.
struct Loaded {
    authorization: Authorization,
    /// Whose own role it is.
    organization: Option<OrganizationState>,
}

/// Refuses whoever may not change what all organizations share, or the own roles of this one. Error
/// for who may not know of it: that `missing` is not there.
async fn loaded(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: Authorization,
    organization: Option<&str>,
    missing: &'static str,
) -> Result<Loaded, AdministerError> {
    let now = ports.clock.now();
    let Some(organization) = organization else {
        if !authorization.has(Right::ManageCatalogue, now) {
            let why = "What all organizations share is changed with catalog.manage in PLATFORM.";
            return Err(AdministerRefusal::Forbidden(why).into());
        }
        return Ok(Loaded { authorization, organization: None });
    };
    if !authorization.sees(organization) {
        return Err(AdministerRefusal::NotFound(missing).into());
    }
    if !authorization.has(Right::ManageRoles, now) {
        let why = "The own roles of an organization are changed with roles.manage.";
        return Err(AdministerRefusal::Forbidden(why).into());
    }
    let state = authorization.caller().and_then(|one| one.catalogue_state().organization.as_ref());
    let state = if let Some(state) = state.filter(|state| state.log.code() == organization) {
        state.clone()
    } else {
        let code = Code::parse(organization).map_err(|_| AdministerRefusal::NotFound(missing))?;
        let found = ports.store.organization_state(&code).await?;
        found.ok_or(AdministerRefusal::NotFound(missing))?
    };
    let catalogue = with_own(ports, authorization.catalogue(), &state).await?;
    Ok(Loaded { authorization: authorization.over(catalogue), organization: Some(state) })
}

/// Writes what `edit` makes of the catalogue, or of an organization's own roles, and answers the
/// definition as it is then. `edit` is
/// asked again on a newer catalogue when somebody else was faster, so what it refuses is refused on
/// the state that is written upon.
pub(crate) async fn write(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, .. }: Administrator<'_>,
    (organization, missing): (Option<&str>, &'static str),
    remembered: Option<&IdempotencyRecord>,
    edit: impl Fn(&Rules<'_>) -> Result<Edit, AdministerError>,
) -> Result<Option<Definition>, AdministerError> {
    let edit = &edit;
    let first = loaded(ports, authorization.clone(), organization, missing).await?;
    let lost = AtomicU32::new(0);
    let load = || async {
        // All changes of the catalogue are one after the other: who lost lets others go first.
        ports.store.wait_turn(lost.fetch_add(1, Ordering::Relaxed)).await;
        loaded(ports, renewed(ports, authorization).await?, organization, missing).await
    };
    commit_within(ATTEMPTS, first, load, |Loaded { authorization, organization }| async move {
        let now = ports.clock.now();
        let (authorization, catalogue) = (&authorization, authorization.catalogue());
        let rules = Rules { authorization, catalogue, now };
        let Edit { before, after, event } = edit(&rules)?;
        if before == after {
            return Ok(after);
        }
        let [was, is] =
            [&before, &after].map(|definition| definition.as_ref().map(Definition::audited));
        let of = after.as_ref().or(before.as_ref()).map(|one| one.code().to_string());
        let log = organization.as_ref().map_or_else(LogKey::platform, |one| one.log.clone());
        let record = authorization.record(ports, event, client, &log).with("code", of);
        let mut activity = compared(record, was.as_ref(), is.as_ref());
        if let Some(organization) = &organization
            && takes_administration(before.as_ref(), after.as_ref())
        {
            let next =
                after.clone().map_or_else(|| (**catalogue).clone(), |one| catalogue.with(one));
            let relied_on = keeps_administered(ports, organization.log.code(), catalogue, &next);
            let relied_on = relied_on.await.map_err(|error| error.map(AdministerRefusal::from))?;
            activity.allowed_on.extend(relied_on);
        }
        let (version, activity) = match organization {
            Some(_) => (catalogue.own_version(), &activity),
            None => (catalogue.version, &activity),
        };
        let change = CatalogueWrite {
            version,
            organization: organization.as_ref(),
            before: before.as_ref(),
            after: after.as_ref(),
            activity,
        };
        ports.store.write_definition(&change, remembered, now, ports.id()).await?;
        Ok(after)
    })
    .await
}

/// Whether a change of a role may take the administration of an organization from somebody. A role
/// that is deleted is nobody's.
fn takes_administration(before: Option<&Definition>, after: Option<&Definition>) -> bool {
    let (Some(Definition::Role(before)), Some(Definition::Role(after))) = (before, after) else {
        return false;
    };
    let gives =
        |role: &Role, right: Right| role.is_active && role.permissions.contains_key(right.code());
    [Right::ManageUsers, Right::AssignRoles]
        .into_iter()
        .any(|right| gives(before, right) && !gives(after, right))
}

/// Makes a definition under a code that is free.
pub(crate) async fn create<F: Defined>(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    (code, fields): (Code, F),
    idempotency: Option<&Idempotency<'_, Versioned<F>>>,
) -> Result<Created<Versioned<F>>, AdministerError> {
    let now = ports.clock.now();
    let made = Versioned::new(code, fields, now);
    let place = (F::organization_of_new(&made)?, "organization");
    let remembered = idempotency::record(ports, idempotency, &made, now).await?;
    let edit = |rules: &Rules<'_>| {
        F::may_create(&made, rules)?;
        if rules.catalogue.is_taken(F::KIND, &made.code) {
            return Err(AdministerRefusal::Taken(Unique::Code).into());
        }
        F::has_room(&made, rules.catalogue)?;
        Ok(Edit { before: None, after: Some(F::definition(made.clone())), event: F::CREATED })
    };
    match write(ports, by, place, remembered.as_ref(), edit).await {
        // Somebody else may have been here with the same key.
        Err(UseCaseError::Refused(AdministerRefusal::Taken(taken))) => {
            answered(ports, idempotency, taken).await.map(Created::Replayed)
        }
        written => Created::of(ports, idempotency, written.map(|_| made)).await,
    }
}

/// Changes a definition that is there.
pub(crate) async fn update<F: Defined>(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    code: &str,
    patch: &F::Patch,
) -> Result<Versioned<F>, AdministerError> {
    change(ports, by, code, F::UPDATED, |before: &Versioned<F>, rules| {
        let after = before.changed(|fields| fields.patch(patch), rules.now);
        F::may_update(before, &after, rules)?;
        Ok(after)
    })
    .await
}

/// Changes a definition that is there into what `next` makes of it.
pub(crate) async fn change<F: Defined>(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    code: &str,
    event: Event,
    next: impl Fn(&Versioned<F>, &Rules<'_>) -> Result<Versioned<F>, AdministerError>,
) -> Result<Versioned<F>, AdministerError> {
    let edit = |rules: &Rules<'_>| {
        let before = find::<F>(rules.catalogue, code)?;
        let after = next(before, rules)?;
        matches(by.if_match, before.version)?;
        let [before, after] = [before.clone(), after].map(F::definition);
        Ok(Edit { before: Some(before), after: Some(after), event })
    };
    let written = write(ports, by, (F::organization_of(code), F::NAME), None, edit).await?;
    written.and_then(F::of).ok_or(AdministerRefusal::NotFound(F::NAME).into())
}

/// Deletes a definition that nothing depends on: no member a role, no role a permission or module,
/// no permission a module.
pub(crate) async fn delete<F: Defined>(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    code: &str,
) -> Result<(), AdministerError> {
    let edit = |rules: &Rules<'_>| {
        let before = find::<F>(rules.catalogue, code)?;
        F::may_delete(before, rules)?;
        matches(by.if_match, before.version)?;
        let before = Some(F::definition(before.clone()));
        Ok(Edit { before, after: None, event: F::DELETED })
    };
    write(ports, by, (F::organization_of(code), F::NAME), None, edit).await.map(drop)
}

/// A definition that is there.
pub(crate) fn find<'a, F: Defined>(
    catalogue: &'a Catalogue,
    code: &str,
) -> Result<&'a Versioned<F>, AdministerError> {
    F::find(catalogue, code).ok_or(AdministerRefusal::NotFound(F::NAME).into())
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
            let owner = Subject { scopes: None, ..subject(caller) };
            EffectiveRoles::new(owner, catalogue, now).decide(question).is_allowed()
        };
        if administers(before) && !administers(after) {
            Err(AdministerRefusal::OwnLastAdminRole.into())
        } else {
            Ok(())
        }
    }
}
