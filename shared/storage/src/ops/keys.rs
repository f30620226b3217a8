use async_trait::async_trait;
use aws_sdk_dynamodb::{operation::put_item::PutItemError, types::ReturnConsumedCapacity};
use rolecall_domain::ports::{KeyDirectory, PublicKey, StoreError};

use super::ABSENT;
use crate::{
    keys,
    store::{Store, from_item, store_error, text, to_item, units},
};

#[async_trait]
impl KeyDirectory for Store {
    async fn public_keys(&self) -> Result<Vec<PublicKey>, StoreError> {
        let call = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("PK = :pk")
            .expression_attribute_values(":pk", text(keys::PUBLIC_KEYS))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send();
        let answer = self.read(call, |answer| units(answer.consumed_capacity())).await.map_err(store_error)?;
        answer.items.unwrap_or_default().into_iter().map(from_item).collect()
    }

    async fn publish(&self, key: &PublicKey) -> Result<(), StoreError> {
        let mut item = to_item(key)?;
        item.extend(keys::public_key(&key.kid).attributes());
        item.insert("entity".to_owned(), text("keys"));
        let call = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression(ABSENT)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send();
        match self.write(call, |answer| units(answer.consumed_capacity())).await {
            Err(error) if !matches!(error.as_service_error(), Some(PutItemError::ConditionalCheckFailedException(_))) => {
                Err(store_error(error))
            }
            _ => Ok(()),
        }
    }
}
