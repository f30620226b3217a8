//! The table as it must be: made so by the local stack and the tests, declared so in the template.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    error::BuildError,
    operation::create_table::CreateTableError,
    types::{
        AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
        GlobalSecondaryIndexUpdate, IndexStatus, KeySchemaElement, KeyType, Projection,
        ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
        TimeToLiveSpecification,
    },
};
use rolecall_domain::ports::{StoreError, in_words};

use crate::keys::{BY_TYPE, BY_USER, PK, SK};

/// The attribute by which DynamoDB cleans up: seconds since 1970. It never decides anything.
pub const TTL_ATTRIBUTE: &str = "expires_at";
/// What the stream carries.
pub const STREAM_VIEW: StreamViewType = StreamViewType::NewAndOldImages;

/// Activities by user, and by organization and type. Only activities have these attributes. The
/// range key is the table's, and the indexes hold whole items, so that a page of a list is one
/// read.
pub const INDEXES: [&str; 2] = [BY_USER, BY_TYPE];

/// How often it is looked whether an index is there: for ten minutes.
const MOST_LOOKS: u32 = 6000;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Makes the table if it is not there, and the indexes that an older one has not.
pub(crate) async fn ensure(client: &Client, table: &str) -> Result<(), StoreError> {
    let mut request = client
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute(PK)?)
        .attribute_definitions(attribute(SK)?)
        .key_schema(key(PK, KeyType::Hash)?)
        .key_schema(key(SK, KeyType::Range)?);
    for name in INDEXES {
        request = request.attribute_definitions(attribute(name)?).global_secondary_indexes(
            GlobalSecondaryIndex::builder()
                .index_name(name)
                .key_schema(key(name, KeyType::Hash)?)
                .key_schema(key(SK, KeyType::Range)?)
                .projection(whole_items())
                .build()
                .map_err(wrong)?,
        );
    }
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(STREAM_VIEW)
        .build()
        .map_err(wrong)?;
    match request.stream_specification(stream).send().await {
        Ok(_) => {}
        Err(error)
            if error
                .as_service_error()
                .is_some_and(CreateTableError::is_resource_in_use_exception) =>
        {
            return add_missing_indexes(client, table).await;
        }
        Err(error) => return Err(StoreError::Broken(in_words(&error))),
    }
    let ttl = TimeToLiveSpecification::builder()
        .enabled(true)
        .attribute_name(TTL_ATTRIBUTE)
        .build()
        .map_err(wrong)?;
    let enabled =
        client.update_time_to_live().table_name(table).time_to_live_specification(ttl).send().await;
    enabled.map(drop).map_err(|error| StoreError::Broken(in_words(&error)))
}

/// DynamoDB makes one index at a time.
async fn add_missing_indexes(client: &Client, table: &str) -> Result<(), StoreError> {
    for name in INDEXES {
        if state_of(client, table, name).await?.is_none() {
            let index = CreateGlobalSecondaryIndexAction::builder()
                .index_name(name)
                .key_schema(key(name, KeyType::Hash)?)
                .key_schema(key(SK, KeyType::Range)?)
                .projection(whole_items())
                .build()
                .map_err(wrong)?;
            let sent = client
                .update_table()
                .table_name(table)
                .attribute_definitions(attribute(SK)?)
                .attribute_definitions(attribute(name)?)
                .global_secondary_index_updates(
                    GlobalSecondaryIndexUpdate::builder().create(index).build(),
                )
                .send()
                .await;
            sent.map_err(|error| StoreError::Broken(in_words(&error)))?;
        }
        let mut looks = 0;
        while state_of(client, table, name).await? != Some(IndexStatus::Active) {
            if looks == MOST_LOOKS {
                return Err(StoreError::Unavailable(
                    format!("the index {name} is not there yet").into(),
                ));
            }
            looks += 1;
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }
    Ok(())
}

async fn state_of(
    client: &Client,
    table: &str,
    index: &str,
) -> Result<Option<IndexStatus>, StoreError> {
    let found = client.describe_table().table_name(table).send().await;
    let found = found.map_err(|error| StoreError::Unavailable(in_words(&error).into()))?;
    let indexes = found.table.and_then(|table| table.global_secondary_indexes).unwrap_or_default();
    Ok(indexes
        .into_iter()
        .find(|one| one.index_name.as_deref() == Some(index))
        .and_then(|one| one.index_status))
}

fn attribute(name: &str) -> Result<AttributeDefinition, StoreError> {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
        .map_err(wrong)
}

fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement, StoreError> {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().map_err(wrong)
}

fn whole_items() -> Projection {
    Projection::builder().projection_type(ProjectionType::All).build()
}

#[expect(clippy::needless_pass_by_value, reason = "it is a map_err's")]
fn wrong(error: BuildError) -> StoreError {
    StoreError::Broken(error.to_string())
}
