use rolecall_domain::signing::RotationOrder;
use serde_json::json;

use super::order;

#[test]
fn only_a_named_key_is_an_emergency() {
    assert_eq!(order(&json!({ "source": "aws.scheduler" })), Ok(RotationOrder::Scheduled));
    assert_eq!(order(&json!({ "drop": "current" })), Ok(RotationOrder::Drop("current".to_owned())));
    assert!(order(&json!({ "drop": 7 })).is_err());
}
