use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::Response;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../functions/openapi.json")).unwrap());

/// The OpenAPI document.
pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}

/// The path template that a path was made of, or the path itself.
fn template(path: &str) -> &str {
    let is_made_of = |template: &&String| {
        let (given, parts): (Vec<&str>, Vec<&str>) =
            (path.split('/').collect(), template.split('/').collect());
        given.len() == parts.len()
            && given.iter().zip(&parts).all(|(one, part)| one == part || part.starts_with('{'))
    };
    document()["paths"].as_object().unwrap().keys().find(is_made_of).map_or(path, String::as_str)
}

/// Holds an answer of a known route against the document: status, media type, body, problem code.
pub(crate) fn check(method: &str, path: &str, response: &Response) {
    // What has one segment and is in no document is a page, if it is anything; so is the console.
    let has_one_segment = !path.trim_start_matches('/').contains('/');
    let is_page = has_one_segment && document()["paths"][path].is_null();
    let is_console = path.starts_with("/console/");
    if ((is_page || is_console) && response.status != 405) || path.starts_with("/assets/") {
        return;
    }
    let is_preflight = method == "OPTIONS" && response.status == 204;
    if method == "HEAD" || is_preflight {
        assert!(response.text.is_empty(), "{method} {path}: {response:?}");
        return;
    }
    let operation = &document()["paths"][template(path)][method.to_lowercase()];
    if operation.is_null() {
        assert!(
            [404, 405].contains(&response.status),
            "{method} {path} is in no document, and yet: {response:?}"
        );
        return check_body(&problem_schema(), response);
    }
    let documented = &operation["responses"][response.status.to_string()];
    assert!(
        !documented.is_null(),
        "{method} {path} does not document {}: {response:?}",
        response.status
    );
    let documented = resolved(documented);
    for name in ["etag", "retry-after", "www-authenticate", "x-request-id"] {
        let is_documented = documented["headers"]
            .as_object()
            .is_some_and(|headers| headers.keys().any(|known| known.eq_ignore_ascii_case(name)));
        let is_there = response.headers.contains_key(name);
        // Of the problems of one status, some have it.
        let is_other = name == "www-authenticate"
            && response.status == 401
            && response.text_of("code") != "unauthenticated";
        let is_documented = is_documented && !is_other;
        assert_eq!(is_there, is_documented, "{method} {path}: {name} of {response:?}");
    }
    // What a page sees of a pair is held against the document by the tests of cookie mode.
    if response.headers.contains_key("set-cookie") {
        return;
    }
    let content = &documented["content"];
    if content.is_null() {
        assert!(
            response.text.is_empty(),
            "{method} {path} documents no body for {}: {response:?}",
            response.status
        );
        return;
    }
    let media_type = response.header("content-type").split(';').next().unwrap().to_owned();
    let schema = &content[&media_type]["schema"];
    assert!(
        !schema.is_null(),
        "{method} {path} does not document {media_type} for {}: {response:?}",
        response.status
    );
    match media_type.as_str() {
        "text/csv" => check_table(response),
        "image/png" => assert!(response.text.contains("PNG"), "{response:?}"),
        _ => check_body(schema, response),
    }
    if media_type == "application/problem+json" {
        let code = response.json()["code"].as_str().unwrap().to_owned();
        let codes = &content[&media_type]["examples"];
        assert!(!codes[&code].is_null(), "{method} {path} does not document {code}");
    }
}

/// Rows of the same width.
fn check_table(response: &Response) {
    let rows = csv::ReaderBuilder::new().has_headers(false).from_reader(response.text.as_bytes());
    for row in rows.into_records() {
        assert!(row.is_ok(), "{row:?}: {response:?}");
    }
}

/// What a reference leads to, or the thing itself.
pub(crate) fn resolved(value: &Value) -> &Value {
    match value["$ref"].as_str() {
        Some(reference) => document().pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

fn problem_schema() -> Value {
    json!({ "$ref": "#/components/schemas/ProblemBody" })
}

fn check_body(schema: &Value, response: &Response) {
    assert_valid(schema, &response.json());
}

/// Asserts that a value has a schema of the document.
pub(crate) fn assert_valid(schema: &Value, value: &Value) {
    let validator = validator(schema);
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:?}: {value}");
}

/// Clients are told that answers may have more fields; here they have none that the document does
/// not know.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.contains_key("properties") {
                map.insert("additionalProperties".to_owned(), false.into());
            }
            map.values_mut().for_each(close);
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

/// Made once for each schema: making one takes longer than most requests.
fn validator(schema: &Value) -> Arc<Validator> {
    static MADE: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || {
        let mut whole = json!({ "allOf": [schema], "components": document()["components"] });
        close(&mut whole);
        Arc::new(jsonschema::options().should_validate_formats(true).build(&whole).unwrap())
    };
    Arc::clone(made.entry(schema.to_string()).or_insert_with(make))
}
