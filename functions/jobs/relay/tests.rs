use serde_json::json;

use super::{Record, pending_events};

#[test]
fn an_item_that_encloses_something_is_told_from_one_that_does_not() {
    let record = |image: serde_json::Value| -> Record {
        serde_json::from_value(json!({ "eventName": "MODIFY", "dynamodb": { "SequenceNumber": "1",
            "NewImage": image } }))
        .unwrap()
    };
    assert_eq!(pending_events(&record(json!({ "enclosed": { "S": "{}" } }))), Some("{}"));
    assert_eq!(pending_events(&record(json!({ "entity": { "S": "session" } }))), None);
}
