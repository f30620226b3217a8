//! The template's table against the one that `table.rs` makes.

use serde_json::{Value, json};

use super::resources;
use crate::support::{Json, TestApp, ask_dynamodb};

/// What a description has of a key schema, in an order of its own.
fn sorted(list: &Value) -> Vec<String> {
    let mut texts: Vec<String> = list.as_array().unwrap().iter().map(Value::to_string).collect();
    texts.sort();
    texts
}

/// Indexes by what they are made of.
fn indexes(list: &Value) -> Vec<(String, Vec<String>, Value)> {
    let index = |one: &Value| {
        (
            one.text_of("IndexName").to_owned(),
            sorted(&one["KeySchema"]),
            one["Projection"]["ProjectionType"].clone(),
        )
    };
    let mut indexes: Vec<_> = list.as_array().unwrap().iter().map(index).collect();
    indexes.sort_by(|a, b| a.0.cmp(&b.0));
    indexes
}

#[tokio::test]
async fn the_table_is_the_one_that_the_local_stack_makes() {
    let app = TestApp::open().await;
    let name = app
        .stack
        .environment()
        .iter()
        .find(|(name, _)| *name == "ROLECALL_TABLE")
        .unwrap()
        .1
        .clone();
    let asked = json!({ "TableName": name });
    let made =
        ask_dynamodb(app.stack.dynamodb_endpoint(), "DescribeTable", &asked).await["Table"].take();
    let ttl = ask_dynamodb(app.stack.dynamodb_endpoint(), "DescribeTimeToLive",
        &asked).await["TimeToLiveDescription"].take();
    let declared = resources("AWS::DynamoDB::Table")["Table"];
    for list in ["AttributeDefinitions", "KeySchema"] {
        assert_eq!(sorted(&made[list]), sorted(&declared[list]), "{list}");
    }
    assert_eq!(
        indexes(&made["GlobalSecondaryIndexes"]),
        indexes(&declared["GlobalSecondaryIndexes"])
    );
    assert_eq!(made["BillingModeSummary"]["BillingMode"], declared["BillingMode"]);
    assert_eq!(
        made["StreamSpecification"]["StreamViewType"],
        declared["StreamSpecification"]["StreamViewType"]
    );
    assert_eq!(ttl["AttributeName"], declared["TimeToLiveSpecification"]["AttributeName"]);
    // What no local table has.
    assert_eq!(declared["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true);
    assert_eq!(declared["TimeToLiveSpecification"]["Enabled"], true);
}
