//! The adapters of the domain's ports, one file a port.

mod accounts;
mod activities;
mod activity_stats;
mod activity_stream;
mod changes;
mod definitions;
mod keys;
mod log;
mod members;
mod organizations;
mod outbox;
mod presence;
mod recovery;
mod sessions;
mod update;

use aws_sdk_dynamodb::types::{
    Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use rolecall_domain::ports::StoreError;
use serde::Serialize;

use crate::store::{Store, to_item};

/// The condition that nothing is there.
const ABSENT: &str = "attribute_not_exists(PK)";

fn built<T>(part: Result<T, aws_sdk_dynamodb::error::BuildError>) -> Result<T, StoreError> {
    part.map_err(|error| StoreError::Broken(error.to_string()))
}

/// A put of a transaction. A condition that fails tells what was there.
fn put(
    store: &Store,
    stored: &impl Serialize,
) -> Result<aws_sdk_dynamodb::types::builders::PutBuilder, StoreError> {
    Ok(Put::builder()
        .table_name(&store.table)
        .set_item(Some(to_item(stored)?))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld))
}

fn put_new(store: &Store, stored: &impl Serialize) -> Result<TransactWriteItem, StoreError> {
    write_put(put(store, stored)?.condition_expression(ABSENT))
}

fn write_put(
    put: aws_sdk_dynamodb::types::builders::PutBuilder,
) -> Result<TransactWriteItem, StoreError> {
    Ok(TransactWriteItem::builder().put(built(put.build())?).build())
}

fn write_update(
    update: aws_sdk_dynamodb::types::builders::UpdateBuilder,
) -> Result<TransactWriteItem, StoreError> {
    let update: Update = built(update.build())?;
    Ok(TransactWriteItem::builder().update(update).build())
}

fn write_delete(
    delete: aws_sdk_dynamodb::types::builders::DeleteBuilder,
) -> Result<TransactWriteItem, StoreError> {
    let delete: Delete = built(delete.build())?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}
