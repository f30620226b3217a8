use rolecall_domain::{
    activity::PendingEvents,
    api_key::{ApiKey, DueReminder, OwnedKeys},
    clock::Timestamp,
    code::Code,
    idempotency::IdempotencyRecord,
    ids::{ApiKeyId, UserId, WriteId},
    mail::OutboxMail,
    ports::{ApiKeyStore, StoreError},
    session::{CallerRecord, KeyRecord},
};

use crate::{
    items::{ApiKeyItem, ApiKeyListItem, OutboxItem, ReminderItem, user_with_memberships_of},
    keys::{self, Key, SK},
    store::{Item, Store, from_item, number, take, text},
    transaction::{ABSENT, IntoWrite, Write},
};

fn api_key_of(item: Item) -> Result<ApiKey, StoreError> {
    from_item::<ApiKeyItem>(item)?.try_into()
}

impl ApiKeyStore for Store {
    async fn key_caller(&self, owner: UserId, key: ApiKeyId) -> Result<KeyRecord, StoreError> {
        let [.., copy] = *owner.as_bytes();
        let wanted = [keys::user(owner), keys::api_key(owner, key), keys::catalogue_state(copy)];
        // Where a key acts is told by the key, and by the process that saw it before.
        let known = self.key_places.of(key);
        let state_key = known.as_ref().map(|code| keys::organization_state(code.as_str()));
        let all: Vec<Key> = wanted.iter().chain(&state_key).cloned().collect();
        let mut found = self.get_all(&all).await?;
        let mut of = |key: &Key| take(&mut found, key);
        let [user, key_at, catalogue] = &wanted;
        let person = of(user).map(user_with_memberships_of).transpose()?;
        let stored = of(key_at).map(api_key_of).transpose()?;
        let catalogue = of(catalogue);
        let state = match (&stored, known) {
            (None, _) => None,
            (Some(stored), Some(code)) if stored.organization == code => {
                Some((code, state_key.as_ref().and_then(&mut of)))
            }
            (Some(stored), _) => {
                let code = stored.organization.clone();
                let state = self.get_all(&[keys::organization_state(code.as_str())]).await?.pop();
                self.key_places.keep(key, &code);
                Some((code, state))
            }
        };
        let state = state.as_ref().map(|(code, state): &(Code, _)| (code, state.clone()));
        let catalogue_state = Self::catalogue_state_of(catalogue.as_ref(), state)?;
        let caller = CallerRecord { person, session: None, catalogue_state };
        Ok(KeyRecord { caller, key: stored })
    }

    async fn api_keys(&self, owner: UserId) -> Result<OwnedKeys, StoreError> {
        let query = self.query(keys::user_partition(owner)).begins_with("KEY").strongly();
        let list = keys::api_keys(owner);
        let mut owned = OwnedKeys::default();
        for item in query.up_to(usize::MAX).await? {
            if item.get(SK) == Some(&text(list.sk.clone())) {
                owned.version = from_item::<ApiKeyListItem>(item)?.version;
            } else {
                owned.keys.push(api_key_of(item)?);
            }
        }
        Ok(owned)
    }

    async fn api_key(&self, owner: UserId, key: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        self.get(&keys::api_key(owner, key)).await?.map(api_key_of).transpose()
    }

    async fn put_api_key(
        &self,
        list_version: u64,
        key: &ApiKey,
        pending_events: &PendingEvents,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let put = self.put(&ApiKeyListItem::new(key.owner, list_version + 1))?;
        let put = if list_version == 0 {
            put.condition_expression(ABSENT)
        } else {
            put.condition_expression("version = :before")
                .expression_attribute_values(":before", number(list_version))
        };
        let mut writes = vec![put.write()?, self.put_new(&ApiKeyItem::from(key))?];
        writes.extend(self.reminder_write(key)?);
        writes.extend(self.filed(pending_events)?);
        if let Some(idempotency) = idempotency {
            writes.push(self.idempotency_write(idempotency, now)?);
        }
        self.transact_recorded(writes, pending_events.activity.as_ref(), write).await
    }

    async fn rotate_api_key(
        &self,
        before: &ApiKey,
        after: &ApiKey,
        pending_events: &PendingEvents,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let put = self
            .put(&ApiKeyItem::from(after))?
            .condition_expression("version = :before")
            .expression_attribute_values(":before", number(before.version));
        let mut writes = vec![put.write()?];
        if before.reminder() != after.reminder() {
            writes.extend(self.reminder_delete(before)?);
            writes.extend(self.reminder_write(after)?);
        }
        writes.extend(self.filed(pending_events)?);
        if let Some(idempotency) = idempotency {
            writes.push(self.idempotency_write(idempotency, now)?);
        }
        self.transact_recorded(writes, pending_events.activity.as_ref(), write).await
    }

    async fn delete_api_key(
        &self,
        key: &ApiKey,
        pending_events: &PendingEvents,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let delete = self
            .delete(&keys::api_key(key.owner, key.id))
            .condition_expression("version = :before")
            .expression_attribute_values(":before", number(key.version));
        let mut writes = vec![delete.write()?];
        writes.extend(self.reminder_delete(key)?);
        writes.extend(self.filed(pending_events)?);
        self.transact_recorded(writes, pending_events.activity.as_ref(), write).await
    }

    async fn note_key_use(&self, key: &ApiKey, at: Timestamp) -> Result<(), StoreError> {
        let update = self
            .update_item(&keys::api_key(key.owner, key.id))
            .update_expression("SET last_used_at = :at")
            .condition_expression(
                "attribute_exists(PK) AND (attribute_not_exists(last_used_at) OR \
                last_used_at < :at)",
            )
            .expression_attribute_values(":at", number(at.as_millisecond()));
        self.send_update(update).await.map(drop)
    }

    async fn due_reminders(
        &self,
        now: Timestamp,
        after: Option<DueReminder>,
        limit: usize,
    ) -> Result<Vec<DueReminder>, StoreError> {
        let found = self.due(keys::REMINDERS, now, after.map(keys::reminder), limit).await?;
        Ok(found.iter().filter_map(|sort_key| keys::reminder_of(sort_key)).collect())
    }

    async fn end_reminder(
        &self,
        due: DueReminder,
        mail: Option<&OutboxMail>,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let delete = self.delete(&keys::reminder(due)).condition_expression("attribute_exists(PK)");
        let mail = mail.map(|mail| self.put_new(&OutboxItem::new(mail, None)?)).transpose()?;
        let writes = [delete.write()?].into_iter().chain(mail).collect();
        self.transact(writes, write).await
    }
}

impl Store {
    fn reminder_write(&self, key: &ApiKey) -> Result<Option<Write>, StoreError> {
        let put = |due| self.put(&ReminderItem::new(due, key))?.write();
        key.reminder().map(put).transpose()
    }

    fn reminder_delete(&self, key: &ApiKey) -> Result<Option<Write>, StoreError> {
        key.reminder().map(|due| self.delete(&keys::reminder(due)).write()).transpose()
    }
}
