use rolecall_http::extract;
use serde_json::{Map, Value};

use super::{Input, document};

fn wrong(yaml: &str) -> Vec<String> {
    let map: Map<String, Value> = document(yaml).unwrap();
    match extract::take::<Input>(map) {
        Ok(_) => Vec::new(),
        Err(problem) => problem
            .errors()
            .iter()
            .map(|error| format!("{}: {}", error.field, error.code))
            .collect(),
    }
}

#[test]
fn the_example_in_the_tree_is_right() {
    assert_eq!(
        wrong(include_str!("../../../infra/setup/engineering-firm.yaml")),
        Vec::<String>::new()
    );
}

#[test]
fn what_is_wrong_is_named_by_its_place() {
    assert_eq!(wrong("modules: [{ code: '*' }]"), ["modules[0].code: invalid_code"]);
    assert_eq!(wrong("modles: []"), ["modles: unknown_field"]);
    assert_eq!(wrong("roles: [{ code: a, level: 9 }]"), ["roles[0].level: out_of_range"]);
    assert_eq!(
        wrong("super_admin: { username: ada, email: x }"),
        ["super_admin.email: invalid_email"]
    );
    assert_eq!(
        wrong("permissions: [{ code: a, module: M, action: fly }]"),
        ["permissions[0].action: unknown_action"]
    );
}

#[test]
fn what_is_no_mapping_is_refused() {
    assert!(document("[1]").is_err() && document("{").is_err() && document("").is_err());
}
