use rolecall_domain::{
    activity::PendingEvents,
    ports::{KeyDirectory, Refused, StoreError},
    signing::KeyList,
};

use super::update::Updated;
use crate::{
    items::{KeyListItem, enclose},
    keys,
    store::{Store, from_item},
};

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
}
