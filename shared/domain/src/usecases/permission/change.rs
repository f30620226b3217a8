use std::sync::atomic::{AtomicU32, Ordering};

use super::{
    authorize::renewed,
    rules::{Defined, Rules, has_room},
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
        permission::{Catalogue, Definition, EffectiveRoles, Question, Right},
        versioned::Versioned,
    },
    ports::{CatalogueWrite, Crypto, Ports, Store, Unique},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator, answered, matches},
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

/// Writes what `edit` makes of the catalogue, and answers the definition as it is then. `edit` is
/// asked again on a newer catalogue when somebody else was faster, so what it refuses is refused on
/// the state that is written upon.
pub(crate) async fn write(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, .. }: Administrator<'_>,
    remembered: Option<&IdempotencyRecord>,
    edit: impl Fn(&Rules<'_>) -> Result<Edit, AdministerError>,
) -> Result<Option<Definition>, AdministerError> {
    let (first, edit) = (authorization.clone(), &edit);
    let lost = AtomicU32::new(0);
    let load = || async {
        // All changes of the catalogue are one after the other: who lost lets others go first.
        ports.store.wait_turn(lost.fetch_add(1, Ordering::Relaxed)).await;
        renewed(ports, authorization).await
    };
    commit_within(ATTEMPTS, first, load, |authorization| async move {
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
        let record =
            authorization.record(ports, event, client, &LogKey::platform()).with("code", of);
        let activity = &compared(record, was.as_ref(), is.as_ref());
        let change = CatalogueWrite {
            version: catalogue.version,
            before: before.as_ref(),
            after: after.as_ref(),
            activity,
        };
        ports.store.write_definition(&change, remembered, now, ports.id()).await?;
        Ok(after)
    })
    .await
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
    let remembered = idempotency::record(ports, idempotency, &made, now).await?;
    let edit = |rules: &Rules<'_>| {
        made.fields.may_create(rules)?;
        if rules.catalogue.is_taken(F::KIND, &made.code) {
            return Err(AdministerRefusal::Taken(Unique::Code).into());
        }
        has_room::<F>(rules.catalogue)?;
        Ok(Edit { before: None, after: Some(F::definition(made.clone())), event: F::CREATED })
    };
    match write(ports, by, remembered.as_ref(), edit).await {
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
    let written = write(ports, by, None, edit).await?;
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
    write(ports, by, None, edit).await.map(drop)
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
            EffectiveRoles::new(subject(caller), catalogue, now).decide(question).is_allowed()
        };
        if administers(before) && !administers(after) {
            Err(AdministerRefusal::OwnLastAdminRole.into())
        } else {
            Ok(())
        }
    }
}
