use rolecall_http::extract;
use serde_json::{Map, Value};

use super::{Input, yaml::document};

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
    for wrong in ["[1]", "{", "", "a: 1\n---\nb: 2", "1: a"] {
        assert!(document(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_text_is_read_as_json_is() {
    let read = document("a: [null, true, 7, 1.5, 'yes', no]\nb: &x { c: 2026-11-30 }\nd: *x");
    let wanted = serde_json::json!({ "a": [null, true, 7, 1.5, "yes", "no"],
        "b": { "c": "2026-11-30" }, "d": { "c": "2026-11-30" } });
    assert_eq!(serde_json::Value::Object(read.unwrap()), wanted);
}

#[test]
fn what_means_two_things_or_has_no_end_is_refused() {
    let doubled = |n: usize| format!("a{}: &a{} [*a{n}, *a{n}, *a{n}, *a{n}]\n", n + 1, n + 1);
    let laughs = "a0: &a0 [lol]\n".to_owned() + &(0..20).map(doubled).collect::<String>();
    for wrong in ["a: 1\na: 2", "a: !!binary aGk=", laughs.as_str()] {
        assert!(document(wrong).is_err(), "{wrong}");
    }
}
