use serde::Serialize;

use super::read::{ActivityStreamScope, find};
use crate::{
    model::{
        activity::compared, activity_stream::Entry, event::Event, fields::audited, ids::EntryId,
        organization::LogKey, violation::Violation,
    },
    ports::{Crypto, EntryChange, Ports, Store},
    usecases::{
        activity::LogRefusal,
        administration::{AdministerError, AdministerRefusal, Administrator, matches},
        commit::commit_on,
        permission::renewed,
    },
};

/// A change of an entry: `None` leaves a field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct EntryPatch {
    /// Whether it stands before all others.
    pub is_pinned: Option<bool>,
    /// Whether everybody in the organization sees it.
    pub is_public: Option<bool>,
}

/// So many entries of an organization are pinned at most.
const MOST_PINNED: usize = 20;

impl EntryPatch {
    /// What could change, as it is.
    fn of(entry: &Entry) -> Self {
        Self { is_pinned: Some(entry.is_pinned), is_public: Some(entry.is_public) }
    }
}

/// An entry that the caller sees.
async fn entry(
    ports: &Ports<impl Store, impl Crypto>,
    stream_scope: &ActivityStreamScope,
    id: EntryId,
) -> Result<Entry, AdministerError> {
    let found = find(ports, stream_scope, id).await.map_err(|error| {
        error.map(|refusal| match refusal {
            LogRefusal::Forbidden | LogRefusal::NeedsRight => AdministerRefusal::Forbidden(
                "The activity stream of another organization is for super admins.",
            ),
            LogRefusal::TooManyOrganizations => AdministerRefusal::NotFound("entry"),
        })
    });
    found?.ok_or(AdministerRefusal::NotFound("entry").into())
}

/// Changes an entry that the caller sees through `stream_scope`.
pub async fn update(
    ports: &Ports<impl Store, impl Crypto>,
    Administrator { authorization, client, if_match }: Administrator<'_>,
    stream_scope: &ActivityStreamScope,
    id: EntryId,
    patch: EntryPatch,
) -> Result<Entry, AdministerError> {
    let first = (authorization.clone(), entry(ports, stream_scope, id).await?);
    let load = || async move {
        let authorization = renewed(ports, authorization).await?;
        Ok((authorization, entry(ports, stream_scope, id).await?))
    };
    commit_on(first, load, |(authorization, before)| async move {
        matches(if_match, before.version)?;
        let mut after = before.clone();
        after.is_pinned = patch.is_pinned.unwrap_or(before.is_pinned);
        after.is_public = patch.is_public.unwrap_or(before.is_public);
        if after == before {
            return Ok(before);
        }
        after.version += 1;
        let organization = before.organization.as_str();
        let was = ports.store.activity_stream_head(organization).await?.pinned;
        let mut pinned = was.clone();
        pinned.retain(|one| *one != id);
        if after.is_pinned {
            pinned.push(id);
        }
        if after.is_pinned && pinned.len() > MOST_PINNED {
            let message = format!("At most {MOST_PINNED} entries can be pinned.");
            let violation = Violation::new("too_many", message);
            return Err(AdministerRefusal::Invalid("is_pinned", violation).into());
        }
        let log = LogKey::from_stored(organization);
        let record = authorization
            .record(ports, Event::ActivityStreamChanged, client, &log)
            .with("entry", id.to_string());
        let activity = compared(
            record,
            Some(&audited(&EntryPatch::of(&before))),
            Some(&audited(&EntryPatch::of(&after))),
        );
        let pins =
            (after.is_pinned != before.is_pinned).then_some((was.as_slice(), pinned.as_slice()));
        let change =
            EntryChange { before: before.version, after: &after, pins, activity: &activity };
        ports.store.change_entry(&change, ports.id()).await?;
        Ok(after)
    })
    .await
}
