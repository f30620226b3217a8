use aws_sdk_dynamodb::{
    operation::{
        put_item::PutItemError,
        update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    },
    types::{
        DeleteRequest, KeysAndAttributes, PutRequest, ReturnConsumedCapacity,
        ReturnValuesOnConditionCheckFailure, WriteRequest, builders::UpdateBuilder,
    },
};
use rolecall_domain::ports::StoreError;
use serde::Serialize;

use crate::{
    keys::{Key, PK, SK},
    store::{CONFLICT_ATTEMPTS, Item, Store, number, store_error, sum, to_item, units},
    transaction::{ABSENT, built},
};

/// A conditional write of one item: the new item, or the one that refused.
pub(super) enum Updated {
    Done(Option<Item>),
    Refused(Option<Item>),
}

/// How often a batch is asked again for what it left out.
const BATCH_ATTEMPTS: u32 = 6;

/// What DynamoDB takes in one batch of writes.
const MOST_IN_A_BATCH: usize = 25;

impl Store {
    pub(super) fn update_item(&self, key: &Key) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    /// Sends a conditional update; one that met a transaction is sent again, because the SDK does
    /// not.
    pub(super) async fn send_update(
        &self,
        update: UpdateItemFluentBuilder,
    ) -> Result<Updated, StoreError> {
        let update = update
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let mut attempt = 0;
        loop {
            let error = match self
                .write(update.clone().send(), |response| units(response.consumed_capacity()))
                .await
            {
                Ok(response) => return Ok(Updated::Done(response.attributes)),
                Err(error) => error,
            };
            match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    return Ok(Updated::Refused(refused.item.clone()));
                }
                Some(UpdateItemError::TransactionConflictException(_))
                    if attempt < CONFLICT_ATTEMPTS => {}
                _ => return Err(store_error(error)),
            }
            self.back_off(attempt).await;
            attempt += 1;
        }
    }

    /// Puts one item if nothing is there. Again is no error.
    pub(super) async fn put_once(&self, stored: &impl Serialize) -> Result<(), StoreError> {
        self.put_if(to_item(stored)?, ABSENT, None).await.map(drop)
    }

    /// Puts an item that counts its versions, only over version `before` (0: over none).
    ///
    /// A refusal that finds the very item is no refusal: the SDK sent it a second time after a lost
    /// answer.
    pub(super) async fn put_version(
        &self,
        stored: &impl Serialize,
        before: u64,
    ) -> Result<Updated, StoreError> {
        let item = to_item(stored)?;
        let outcome = match before {
            0 => self.put_if(item.clone(), ABSENT, None).await?,
            before => self.put_if(item.clone(), "version = :before", Some(before)).await?,
        };
        Ok(match outcome {
            Updated::Refused(Some(found)) if found == item => Updated::Done(None),
            outcome => outcome,
        })
    }

    pub(super) async fn put_if(
        &self,
        item: Item,
        condition: &str,
        before: Option<u64>,
    ) -> Result<Updated, StoreError> {
        let mut put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression(condition)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        if let Some(before) = before {
            put = put.expression_attribute_values(":before", number(before));
        }
        let mut attempt = 0;
        loop {
            let sent = self
                .write(put.clone().send(), |response| units(response.consumed_capacity()))
                .await;
            let Err(error) = sent else {
                return Ok(Updated::Done(None));
            };
            match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                    return Ok(Updated::Refused(refused.item.clone()));
                }
                Some(PutItemError::TransactionConflictException(_))
                    if attempt < CONFLICT_ATTEMPTS => {}
                _ => return Err(store_error(error)),
            }
            self.back_off(attempt).await;
            attempt += 1;
        }
    }

    /// Deletes one item, whatever is there. Again is no error.
    pub(super) async fn delete_item(&self, key: &Key) -> Result<(), StoreError> {
        let call = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send();
        self.write(call, |response| units(response.consumed_capacity()))
            .await
            .map(drop)
            .map_err(store_error)
    }

    /// Items of a partition in the order of their sort keys, behind `after`, at most `limit`, read
    /// strongly.
    pub(super) async fn page_of(
        &self,
        partition: &str,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        // A blank comes before every id and every code.
        let after = after.unwrap_or_else(|| " ".to_owned());
        self.query(partition).after(after).strongly().up_to(limit).await
    }

    /// Puts one item over whatever is there.
    pub(super) async fn put_over(&self, stored: &impl Serialize) -> Result<(), StoreError> {
        let call = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(stored)?))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send();
        self.write(call, |response| units(response.consumed_capacity()))
            .await
            .map(drop)
            .map_err(store_error)
    }

    /// Puts items, each on its own, 25 in a call; asks again for what a busy store left out, and
    /// answers what it never took.
    pub(super) async fn put_all(&self, items: Vec<Item>) -> Result<Vec<Item>, StoreError> {
        let put = |item| {
            Ok(WriteRequest::builder()
                .put_request(built(PutRequest::builder().set_item(Some(item)).build())?)
                .build())
        };
        let requests = items.into_iter().map(put).collect::<Result<Vec<_>, StoreError>>()?;
        let batches = requests.chunks(MOST_IN_A_BATCH).map(|some| self.write_all(some.to_vec()));
        let left = futures::future::try_join_all(batches).await?.into_iter().flatten();
        Ok(left.filter_map(|request| request.put_request).map(|put| put.item).collect())
    }

    /// Deletes items, each on its own; one that is not there is no error.
    pub(super) async fn delete_all(&self, keys: &[Key]) -> Result<(), StoreError> {
        let delete = |key: &Key| {
            let delete = DeleteRequest::builder().set_key(Some(key.attributes()));
            Ok(WriteRequest::builder().delete_request(built(delete.build())?).build())
        };
        for some in keys.chunks(MOST_IN_A_BATCH) {
            let requests = some.iter().map(delete).collect::<Result<Vec<_>, StoreError>>()?;
            if !self.write_all(requests).await?.is_empty() {
                return Err(StoreError::Unavailable("a batch stayed incomplete".into()));
            }
        }
        Ok(())
    }

    /// Writes a batch; asks again for what a busy store left out, and answers what it never took.
    async fn write_all(
        &self,
        mut left: Vec<WriteRequest>,
    ) -> Result<Vec<WriteRequest>, StoreError> {
        // DynamoDB takes no empty batch.
        if left.is_empty() {
            return Ok(Vec::new());
        }
        for attempt in 0..BATCH_ATTEMPTS {
            let call = self
                .client
                .batch_write_item()
                .request_items(&self.table, left)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send();
            let mut response = self
                .write(call, |response| sum(response.consumed_capacity()))
                .await
                .map_err(store_error)?;
            left = response
                .unprocessed_items
                .as_mut()
                .and_then(|tables| tables.remove(&self.table))
                .unwrap_or_default();
            if left.is_empty() {
                break;
            }
            self.back_off(attempt).await;
        }
        Ok(left)
    }

    /// Reads several items strongly in one round trip; asks again for what a busy store left out.
    pub(super) async fn get_all(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        self.get_batch(keys, true).await
    }

    /// The same, read eventually, for half the units: where nothing is decided on it.
    pub(super) async fn get_all_eventually(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        self.get_batch(keys, false).await
    }

    async fn get_batch(&self, keys: &[Key], is_strong: bool) -> Result<Vec<Item>, StoreError> {
        let mut wanted: Vec<Item> = keys.iter().map(Key::attributes).collect();
        // DynamoDB takes no empty batch.
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for attempt in 0..BATCH_ATTEMPTS {
            let request =
                KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(is_strong);
            let call = self
                .client
                .batch_get_item()
                .request_items(&self.table, built(request.build())?)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send();
            let mut response = self
                .read(call, |response| sum(response.consumed_capacity()))
                .await
                .map_err(store_error)?;
            found.extend(
                response
                    .responses
                    .as_mut()
                    .and_then(|tables| tables.remove(&self.table))
                    .unwrap_or_default(),
            );
            wanted = response
                .unprocessed_keys
                .as_mut()
                .and_then(|tables| tables.remove(&self.table))
                .map(|left| left.keys)
                .unwrap_or_default();
            if wanted.is_empty() {
                return Ok(found);
            }
            self.back_off(attempt).await;
        }
        Err(StoreError::Unavailable("a batch stayed incomplete".into()))
    }
}

/// An update of a transaction that sets every attribute of `after` but its key, and removes those
/// that `before` has and `after` has not, and those of `removed`: what else is stored stays.
pub(super) fn replaced(before: &Item, after: Item, removed: &[&str]) -> UpdateBuilder {
    let absent: Vec<String> = before
        .keys()
        .filter(|name| !after.contains_key(*name))
        .map(String::as_str)
        .chain(removed.iter().copied())
        .map(str::to_owned)
        .collect();
    let mut update = UpdateBuilder::default();
    let mut set = Vec::new();
    for (place, (name, value)) in
        after.into_iter().filter(|(name, _)| name != PK && name != SK).enumerate()
    {
        set.push(format!("#s{place} = :s{place}"));
        update = update
            .expression_attribute_names(format!("#s{place}"), name)
            .expression_attribute_values(format!(":s{place}"), value);
    }
    let mut expression = format!("SET {}", set.join(", "));
    for (place, name) in absent.into_iter().enumerate() {
        expression += &format!("{} #r{place}", if place == 0 { " REMOVE" } else { "," });
        update = update.expression_attribute_names(format!("#r{place}"), name);
    }
    update.update_expression(expression)
}
