use serde_json::json;

use super::{Record, is_new_mail};

fn record(event: &str, entity: &str) -> Record {
    serde_json::from_value(json!({
        "eventName": event,
        "dynamodb": {
            "SequenceNumber": "1",
            "NewImage": { "entity": { "S": entity },
                "id": { "S": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b" } },
        },
    }))
    .unwrap()
}

#[test]
fn only_a_new_outbox_item_is_a_mail_to_send() {
    assert!(is_new_mail(&record("INSERT", "outbox")));
    assert!(!is_new_mail(&record("MODIFY", "outbox")));
    assert!(!is_new_mail(&record("INSERT", "user")));
    let removed = serde_json::from_value(
        json!({ "eventName": "REMOVE", "dynamodb": { "SequenceNumber": "1" } }),
    )
    .unwrap();
    assert!(!is_new_mail(&removed));
}
