use rolecall_domain::{
    appearance::{Appearance, Logo},
    ids::WriteId,
    ports::{AppearanceChange, AppearanceStore, StoreError},
};

use crate::{
    items::{AppearanceItem, LogoItem},
    keys,
    store::{Store, from_item, number},
    transaction::IntoWrite,
};

impl AppearanceStore for Store {
    async fn appearance(&self, for_a_change: bool) -> Result<Appearance, StoreError> {
        let key = keys::appearance();
        let found =
            if for_a_change { self.get(&key).await? } else { self.get_eventually(&key).await? };
        match found {
            Some(item) => Ok(from_item::<AppearanceItem>(item)?.into()),
            None => Ok(Appearance::default()),
        }
    }

    async fn logo(&self) -> Result<Option<Logo>, StoreError> {
        let found = self.get_eventually(&keys::logo()).await?;
        found.map(|item| from_item::<LogoItem>(item)?.try_into()).transpose()
    }

    async fn change_appearance(
        &self,
        change: &AppearanceChange<'_>,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let item = AppearanceItem::from(change.after);
        let put = match change.after.version - 1 {
            0 => self.put_new(&item)?,
            before => self
                .put(&item)?
                .condition_expression("version = :before")
                .expression_attribute_values(":before", number(before))
                .write()?,
        };
        let mut writes = vec![put, self.recorded(change.activity)?];
        match change.logo {
            Some(Some(logo)) => writes.push(self.put(&LogoItem::from(logo))?.write()?),
            Some(None) => writes.push(self.delete(&keys::logo()).write()?),
            None => {}
        }
        self.transact_recorded(writes, Some(change.activity), write).await
    }
}
