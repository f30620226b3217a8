use aws_sdk_dynamodb::types::ReturnValue;
use rolecall_domain::{
    clock::Timestamp,
    ids::MailId,
    ports::{Claim, Outbox, StoreError},
};

use super::update::Updated;
use crate::{
    items::OutboxItem,
    keys,
    store::{Store, from_item, number},
};

impl Outbox for Store {
    async fn claim_mail(
        &self,
        id: MailId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Claim, StoreError> {
        let update = self
            .update_item(&keys::outbox(id))
            .update_expression("SET claimed_until = :until REMOVE enclosed ADD claims :one")
            .condition_expression(
                "attribute_exists(PK) AND attribute_not_exists(sent_at) AND \
                (attribute_not_exists(claimed_until) OR claimed_until <= :now)",
            )
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":until", number(until.as_millisecond()))
            .return_values(ReturnValue::AllNew);
        match self.send_update(update).await? {
            Updated::Done(Some(item)) => {
                let item = from_item::<OutboxItem>(item)?;
                Ok(Claim::Mine { attempt: item.claims(), mail: Box::new(item.try_into()?) })
            }
            Updated::Done(None) => Err(StoreError::Broken("an update answered no item".to_owned())),
            Updated::Refused(Some(item)) if !item.contains_key("sent_at") => Ok(Claim::Busy),
            Updated::Refused(_) => Ok(Claim::Done),
        }
    }

    async fn mark_mail_sent(&self, id: MailId, now: Timestamp) -> Result<(), StoreError> {
        let update = self
            .update_item(&keys::outbox(id))
            .update_expression("SET sent_at = :now REMOVE claimed_until")
            .condition_expression("attribute_exists(PK) AND attribute_not_exists(sent_at)")
            .expression_attribute_values(":now", number(now.as_millisecond()));
        self.send_update(update).await.map(drop)
    }

    async fn release_mail(&self, id: MailId) -> Result<(), StoreError> {
        let update = self
            .update_item(&keys::outbox(id))
            .update_expression("REMOVE claimed_until")
            .condition_expression("attribute_exists(PK) AND attribute_not_exists(sent_at)");
        self.send_update(update).await.map(drop)
    }
}
