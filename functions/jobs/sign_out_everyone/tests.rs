use serde_json::json;

use super::with_passwords;

#[test]
fn passwords_end_only_where_it_is_said_and_a_slip_ends_nothing() {
    assert_eq!(with_passwords(&json!({ "time": "2026-11-23T09:30:00Z" })), Ok(false));
    assert_eq!(with_passwords(&json!({ "passwords": true })), Ok(true));
    for slip in [json!({ "password": true }), json!({ "passwords": "yes" }), json!(null)] {
        assert!(with_passwords(&slip).is_err(), "{slip}");
    }
}
