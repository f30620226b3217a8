use rolecall_domain::{
    clock::Timestamp,
    code::Code,
    idempotency::{IdempotencyRecord, SealedResponse},
    ids::WriteId,
    organization::{LogKey, Organization, PLATFORM},
    ports::{IdempotencyStore, OrganizationStore, OrganizationWrite, Refused, StoreError, Unique},
    session::OrganizationState,
};

use super::update::replaced;
use crate::{
    items::{IdempotencyItem, OrganizationItem, OrganizationStateItem},
    keys::{self, PK},
    store::{Item, Store, from_item, number, text, to_item},
    transaction::{IntoWrite, Write},
};

fn organization_of(item: Item) -> Result<Organization, StoreError> {
    from_item::<OrganizationItem>(item).map(Organization::from)
}

impl Store {
    /// Puts an organization in the place of the one that was read. The built-in one is stored when
    /// it is changed first.
    fn organization_write(&self, change: &OrganizationWrite<'_>) -> Result<Write, StoreError> {
        match (change.before, change.after) {
            (None, Some(after)) => {
                Ok(self.put_new(&OrganizationItem::from(after))?.or(Refused::Taken(Unique::Code)))
            }
            (Some(before), Some(after)) => {
                let [was, is] = [before, after].map(|one| to_item(&OrganizationItem::from(one)));
                let update = replaced(&was?, is?, &[])
                    .table_name(&self.table)
                    .set_key(Some(keys::organization(before.code.as_str()).attributes()))
                    .expression_attribute_values(":before", number(before.version));
                let is_first = before.code.as_str() == PLATFORM
                    && before.version == Organization::platform().version;
                let condition = if is_first {
                    "attribute_not_exists(PK) OR version = :before"
                } else {
                    "version = :before"
                };
                update.condition_expression(condition).write()
            }
            (Some(before), None) => {
                let version = before.version;
                let delete = self
                    .delete(&keys::organization(before.code.as_str()))
                    .condition_expression(
                        "version = :before AND (attribute_not_exists(members) OR members = :none)",
                    )
                    .expression_attribute_values(":none", number(0))
                    .expression_attribute_values(":before", number(version));
                Ok(delete.write()?.or_by(move |found| {
                    let found = found.map(organization_of).transpose()?;
                    let is_same = found.is_some_and(|found| found.version == version);
                    Ok(if is_same { Refused::InUse } else { Refused::Stale })
                }))
            }
            (None, None) => Err(StoreError::Broken("a change of nothing".to_owned())),
        }
    }
}

impl OrganizationStore for Store {
    async fn organization(&self, code: &str) -> Result<Option<Organization>, StoreError> {
        let found = self.get(&keys::organization(code)).await?.map(organization_of).transpose()?;
        let found = found.or_else(|| (code == PLATFORM).then(Organization::platform));
        Ok(found.filter(|organization| organization.code.as_str() == code))
    }

    async fn log_key(&self, code: &str) -> Result<LogKey, StoreError> {
        if code == PLATFORM {
            return Ok(LogKey::platform());
        }
        // In a batch, as the gate reads it.
        let found = self.get_all(&[keys::organization_state(code)]).await?.pop();
        let state = found.map(from_item::<OrganizationStateItem>).transpose()?;
        Ok(LogKey::new(code, state.and_then(|state| state.id)))
    }

    async fn organization_state(
        &self,
        code: &Code,
    ) -> Result<Option<OrganizationState>, StoreError> {
        let keys = [
            keys::organization(code.as_str()),
            keys::organization_state(code.as_str()),
            keys::catalogue_state(self.draw()),
        ];
        let mut found = self.get_all(&keys).await?;
        let [organization, state, copy] = keys.map(|key| {
            let is_it = |item: &Item| item.get(PK) == Some(&text(&key.pk));
            let place = found.iter().position(is_it)?;
            Some(found.swap_remove(place))
        });
        let organization = organization.map(organization_of).transpose()?;
        let is_there = organization.map_or(code.as_str() == PLATFORM, |one| one.code == *code);
        let known = Self::catalogue_state_of(copy.as_ref(), Some((code, state)))?;
        Ok(known.organization.filter(|_| is_there))
    }

    async fn organizations(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Organization>, StoreError> {
        let page = self
            .page_of(keys::ORGANIZATIONS, after.map(|code| keys::organization(code).sk), limit)
            .await?;
        let mut found = page.into_iter().map(organization_of).collect::<Result<Vec<_>, _>>()?;
        let platform = Organization::platform();
        let place = |one: &Organization| one.code.folded();
        let is_behind = after.is_none_or(|after| after.to_ascii_lowercase() < place(&platform));
        if is_behind && found.iter().all(|one| one.code != platform.code) {
            found.push(platform);
            found.sort_by_key(place);
            found.truncate(limit);
        }
        Ok(found)
    }

    async fn write_organization(
        &self,
        change: &OrganizationWrite<'_>,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let mut writes = vec![self.organization_write(change)?, self.recorded(change.activity)?];
        // The gate reads nothing else of it.
        let was = change.before.map(|one| one.is_active);
        match (was, change.after) {
            (None, Some(after)) => {
                writes.push(self.put(&OrganizationStateItem::of(after))?.write()?);
            }
            (Some(was), Some(after)) if was != after.is_active => {
                let is = to_item(&OrganizationStateItem::of(after))?;
                let update = replaced(&Item::new(), is, &[])
                    .table_name(&self.table)
                    .set_key(Some(keys::organization_state(after.code.as_str()).attributes()));
                writes.push(update.write()?);
            }
            (Some(_), None) => {
                let code = change.before.map(|one| one.code.as_str()).unwrap_or_default();
                writes.push(self.delete(&keys::organization_state(code)).write()?);
            }
            _ => {}
        }
        if let Some(idempotency) = idempotency {
            writes.push(self.idempotency_write(idempotency, now)?);
        }
        self.transact_recorded(writes, Some(change.activity), write).await
    }
}

impl IdempotencyStore for Store {
    async fn stored_response(
        &self,
        key: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<SealedResponse>, StoreError> {
        let found = self.get(&IdempotencyItem::key(key)).await?;
        let found = found.map(from_item::<IdempotencyItem>).transpose()?;
        found.filter(|item| item.is_remembered(now)).map(|item| item.response()).transpose()
    }
}
