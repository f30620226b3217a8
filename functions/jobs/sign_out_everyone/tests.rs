use serde_json::{Value, from_value, json};

use super::Input;

fn passwords(event: Value) -> Option<bool> {
    from_value::<Input>(event).ok().map(|input| input.passwords)
}

#[test]
fn passwords_end_only_where_it_is_said_and_a_slip_ends_nothing() {
    assert_eq!(passwords(json!({})), Some(false));
    assert_eq!(passwords(json!({ "passwords": true })), Some(true));
    for slip in [json!({ "password": true }), json!({ "passwords": "yes" }), json!(null)] {
        assert_eq!(passwords(slip), None);
    }
}
