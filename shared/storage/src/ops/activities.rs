use async_trait::async_trait;
use aws_sdk_dynamodb::types::TransactWriteItem;
use rolecall_domain::{
    activity::{Activity, Enclosed},
    ports::{ActivityStore, StoreError},
};

use super::put_new;
use crate::{
    items::{ActivityItem, OutboxItem, open},
    store::Store,
};

#[async_trait]
impl ActivityStore for Store {
    async fn record(&self, activity: &Activity) -> Result<(), StoreError> {
        self.put_once(&ActivityItem::try_from(activity)?).await
    }

    async fn file(&self, enclosed: &str) -> Result<(), StoreError> {
        let Enclosed { activity, mails } = open(enclosed)?;
        // Mails first: somebody may be waiting for one.
        for mail in &mails {
            self.put_once(&OutboxItem::new(mail, None)?).await?;
        }
        match activity {
            Some(activity) => self.record(&activity).await,
            None => Ok(()),
        }
    }
}

impl Store {
    /// Activity and mails as writes of the change's own transaction, where no item of it can enclose them.
    pub(super) fn filed(&self, enclosed: &Enclosed) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mails = enclosed.mails.iter().map(|mail| put_new(self, &OutboxItem::new(mail, None)?));
        let activity = enclosed.activity.iter().map(|activity| put_new(self, &ActivityItem::try_from(activity)?));
        mails.chain(activity).collect()
    }
}
