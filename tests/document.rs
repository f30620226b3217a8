//! What generators of clients rely on in the OpenAPI document.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::support::{Json, document, resolved};

fn operations() -> impl Iterator<Item = (String, &'static Value)> {
    let paths = document().at("paths").as_object().unwrap().iter();
    paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

/// The names of the schemas that a part of the document uses, those of these schemas among them.
fn used(part: &Value, names: &mut BTreeSet<String>) {
    match part {
        Value::Object(map) => {
            if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                let name = reference.strip_prefix("#/components/schemas/");
                if name.is_none_or(|name| names.insert(name.to_owned())) {
                    used(resolved(part), names);
                }
            }
            map.values().for_each(|one| used(one, names));
        }
        Value::Array(list) => list.iter().for_each(|one| used(one, names)),
        _ => {}
    }
}

fn schemas() -> &'static Map<String, Value> {
    document().at("components/schemas").as_object().unwrap()
}

/// Every object with a key, wherever it is.
fn each<'a>(part: &'a Value, key: &str, found: &mut Vec<&'a Map<String, Value>>) {
    match part {
        Value::Object(map) => {
            if map.contains_key(key) {
                found.push(map);
            }
            map.values().for_each(|one| each(one, key, found));
        }
        Value::Array(list) => list.iter().for_each(|one| each(one, key, found)),
        _ => {}
    }
}

#[test]
fn answers_are_open_and_bodies_closed() {
    let (mut sent, mut read) = (BTreeSet::new(), BTreeSet::new());
    for (_, operation) in operations() {
        used(&operation["requestBody"], &mut sent);
        used(&operation["responses"], &mut read);
    }
    assert!(sent.len() > 25 && read.len() > 60, "{} and {}", sent.len(), read.len());
    for (names, is_open) in [(&sent, false), (&read, true)] {
        for name in names {
            if schemas()[name]["properties"].is_object() {
                assert_eq!(schemas()[name]["additionalProperties"], is_open, "{name}");
            }
        }
    }
    let unused: Vec<&String> =
        schemas().keys().filter(|name| !sent.contains(*name) && !read.contains(*name)).collect();
    assert!(unused.is_empty(), "{unused:?} are of queries alone, or of nothing");
}

#[test]
fn closed_sets_are_enums_and_free_objects_say_so() {
    let (mut patterns, mut types) = (Vec::new(), Vec::new());
    each(document(), "pattern", &mut patterns);
    assert!(patterns.len() > 20);
    for one in patterns {
        let pattern = one["pattern"].as_str().unwrap();
        assert!(!pattern.contains('|'), "{pattern} is a set of words");
    }
    each(document(), "type", &mut types);
    for one in types.into_iter().filter(|one| one["type"] == "object") {
        assert!(one.contains_key("additionalProperties"), "{one:?}");
    }
}

#[test]
fn every_parameter_has_a_type_and_every_response_its_headers() {
    for (key, operation) in operations() {
        for parameter in operation.list_of("parameters") {
            let schema = resolved(&parameter["schema"]);
            assert!(schema["type"].is_string(), "{key}: {parameter}");
        }
        for (status, response) in operation.at("responses").as_object().unwrap() {
            let response = resolved(response);
            for header in response.at("headers").as_object().unwrap().values() {
                assert!(resolved(header)["schema"].is_object(), "{key} {status}");
            }
            assert!(response["headers"]["X-Request-Id"].is_object(), "{key} {status}");
        }
    }
}

#[test]
fn tags_have_texts_names_are_unique_and_no_text_is_rustdoc() {
    let tags: Vec<&str> =
        document().list_of("tags").iter().map(|tag| tag.text_of("name")).collect();
    let used: BTreeSet<&str> = operations().map(|(_, one)| one.text_of("tags/0")).collect();
    assert_eq!(tags.iter().copied().collect::<BTreeSet<_>>(), used);
    let ids: BTreeSet<&str> = operations().map(|(_, one)| one.text_of("operationId")).collect();
    assert_eq!(ids.len(), operations().count());
    let text = document().to_string();
    for leak in ["[`", "`]", "Self::", "crate::"] {
        assert!(!text.contains(leak), "{leak}");
    }
    assert_eq!(
        document()["servers"][0],
        json!({ "url": "/",
        "description": "The stack that this document comes from." })
    );
    for topic in ["Authentication", "Lists", "Idempotency", "Concurrency", "Errors"] {
        assert!(document().text_of("info/description").contains(topic), "{topic}");
    }
}
