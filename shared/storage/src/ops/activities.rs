use async_trait::async_trait;
use aws_sdk_dynamodb::types::TransactWriteItem;
use rolecall_domain::{
    activity::{Activity, Enclosed},
    ids::UserId,
    ports::{ActivityStore, StoreError},
};

use super::put_new;
use crate::{
    items::{ActivityItem, DirectoryItem, OutboxItem, open},
    store::Store,
};

#[async_trait]
impl ActivityStore for Store {
    async fn record(&self, activity: &Activity) -> Result<(), StoreError> {
        self.put_once(&ActivityItem::try_from(activity)?).await
    }

    async fn list(&self, user: UserId) -> Result<(), StoreError> {
        self.put_once(&DirectoryItem::new(user)).await
    }

    async fn file(&self, enclosed: &str, organization: Option<&str>) -> Result<(), StoreError> {
        let Enclosed { activity, mails } = open(enclosed)?;
        // Mails first: somebody may be waiting for one.
        for mail in &mails {
            self.put_once(&OutboxItem::new(mail, None)?).await?;
        }
        match activity {
            Some(mut activity) => {
                activity.organization = activity.organization.or_else(|| organization.map(str::to_owned));
                self.record(&activity).await
            }
            None => Ok(()),
        }
    }
}

impl Store {
    /// An activity as a write of the change's own transaction.
    pub(super) fn recorded(&self, activity: &Activity) -> Result<TransactWriteItem, StoreError> {
        put_new(self, &ActivityItem::try_from(activity)?)
    }

    /// Activity and mails as writes of the change's own transaction, where no item of it can enclose them.
    pub(super) fn filed(&self, enclosed: &Enclosed) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mails = enclosed.mails.iter().map(|mail| put_new(self, &OutboxItem::new(mail, None)?));
        let activity = enclosed.activity.iter().map(|activity| put_new(self, &ActivityItem::try_from(activity)?));
        mails.chain(activity).collect()
    }
}
