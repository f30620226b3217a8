use rolecall_domain::{
    activity::{Activity, PendingEvents},
    clock::Timestamp,
    ids::WriteId,
    ports::{KeyDirectory, Refused, StoreError},
    signing::KeyList,
};

use super::{definitions::ENDED_BEFORE, update::Updated};
use crate::{
    items::{KeyListItem, V, enclose},
    keys,
    store::{Store, from_item, number, text},
    transaction::{ABSENT, IntoWrite, Write},
};

impl Store {
    /// A list over the version before.
    fn key_list_write(
        &self,
        before: u64,
        list: &KeyList,
        pending_events: &PendingEvents,
    ) -> Result<Write, StoreError> {
        let put = self.put(&KeyListItem::new(list, enclose(pending_events)?))?;
        match before {
            0 => put.condition_expression(ABSENT).write(),
            before => put
                .condition_expression("version = :before")
                .expression_attribute_values(":before", number(before))
                .write(),
        }
    }
}

impl KeyDirectory for Store {
    async fn public_keys(&self) -> Result<KeyList, StoreError> {
        match self.get(&keys::key_directory()).await? {
            Some(item) => from_item::<KeyListItem>(item)?.try_into(),
            None => Ok(KeyList::default()),
        }
    }

    async fn replace_keys(
        &self,
        before: u64,
        list: &KeyList,
        pending_events: &PendingEvents,
    ) -> Result<(), StoreError> {
        let item = KeyListItem::new(list, enclose(pending_events)?);
        match self.put_version(&item, before).await? {
            Updated::Done(_) => Ok(()),
            Updated::Refused(_) => Err(Refused::Stale.into()),
        }
    }

    async fn order_keys(
        &self,
        before: u64,
        list: &KeyList,
        activity: &Activity,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let writes = vec![
            self.key_list_write(before, list, &PendingEvents::none())?,
            self.recorded(activity)?,
        ];
        self.transact_recorded(writes, Some(activity), write).await
    }

    async fn end_everything(
        &self,
        before: u64,
        list: &KeyList,
        at: Timestamp,
        pending_events: &PendingEvents,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let list = self.key_list_write(before, list, pending_events)?;
        let mut writes = vec![list];
        writes.extend(self.catalogue_state_writes(|update| {
            update
                .update_expression("SET entity = :entity, v = :v, #ended = :at")
                .condition_expression("attribute_not_exists(#ended) OR #ended <= :at")
                .expression_attribute_names("#ended", ENDED_BEFORE)
                .expression_attribute_values(":entity", text("gate"))
                .expression_attribute_values(":v", number(V))
                .expression_attribute_values(":at", number(at.as_millisecond()))
        })?);
        self.transact(writes, write).await
    }
}
