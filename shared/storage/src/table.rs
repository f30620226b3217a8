//! The table as it must be: made so by the local stack and the tests, declared so in the template.

use aws_sdk_dynamodb::{
    Client,
    error::DisplayErrorContext,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
        ScalarAttributeType, StreamSpecification, StreamViewType, TimeToLiveSpecification,
    },
};
use rolecall_domain::ports::StoreError;

use crate::keys::{BY_TYPE, BY_USER, PK, SK};

/// The attribute by which DynamoDB cleans up: seconds since 1970. It never decides anything.
pub const TTL_ATTRIBUTE: &str = "expires_at";
/// What the stream carries.
pub const STREAM_VIEW: StreamViewType = StreamViewType::NewAndOldImages;

/// Indexes by user and by type of what has these attributes, which only activities have; their range key is the table's,
/// and they hold whole items, so that a page of a list is one read.
///
/// Makes the table if it is not there.
pub(crate) async fn ensure(client: &Client, table: &str) -> Result<(), StoreError> {
    let attribute = |name| AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build();
    let key = |name, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    let index = |name| {
        GlobalSecondaryIndex::builder()
            .index_name(name)
            .key_schema(key(name, KeyType::Hash)?)
            .key_schema(key(SK, KeyType::Range)?)
            .projection(Projection::builder().projection_type(ProjectionType::All).build())
            .build()
    };
    let wrong = |error: aws_sdk_dynamodb::error::BuildError| StoreError::Broken(error.to_string());
    let created = client
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute(PK).map_err(wrong)?)
        .attribute_definitions(attribute(SK).map_err(wrong)?)
        .attribute_definitions(attribute(BY_USER).map_err(wrong)?)
        .attribute_definitions(attribute(BY_TYPE).map_err(wrong)?)
        .global_secondary_indexes(index(BY_USER).map_err(wrong)?)
        .global_secondary_indexes(index(BY_TYPE).map_err(wrong)?)
        .key_schema(key(PK, KeyType::Hash).map_err(wrong)?)
        .key_schema(key(SK, KeyType::Range).map_err(wrong)?)
        .stream_specification(
            StreamSpecification::builder().stream_enabled(true).stream_view_type(STREAM_VIEW).build().map_err(wrong)?,
        )
        .send()
        .await;
    match created {
        Err(error)
            if !error
                .as_service_error()
                .is_some_and(aws_sdk_dynamodb::operation::create_table::CreateTableError::is_resource_in_use_exception) =>
        {
            return Err(StoreError::Broken(DisplayErrorContext(error).to_string()));
        }
        Err(_) => return Ok(()),
        Ok(_) => {}
    }
    let ttl = TimeToLiveSpecification::builder().enabled(true).attribute_name(TTL_ATTRIBUTE).build().map_err(wrong)?;
    let enabled = client.update_time_to_live().table_name(table).time_to_live_specification(ttl).send().await;
    enabled.map(drop).map_err(|error| StoreError::Broken(DisplayErrorContext(error).to_string()))
}
