//! What the client knows of the OpenAPI document, against the document.

use std::collections::BTreeSet;

use rolecall_client::{Category, DOCUMENT_VERSION, ProblemCode, Severity};
use serde_json::Value;

use super::{Office, nobody};
use crate::support::document;

fn known(words: &[&'static str]) -> BTreeSet<&'static str> {
    words.iter().copied().collect()
}

fn values_of(schema: &str) -> BTreeSet<&'static str> {
    let values = document()["components"]["schemas"][schema]["enum"].as_array().expect(schema);
    values.iter().filter_map(Value::as_str).collect()
}

#[test]
fn the_client_was_written_for_this_version_of_the_document() {
    assert_eq!(document()["info"]["version"], DOCUMENT_VERSION);
}

#[test]
fn every_problem_code_category_and_severity_has_its_variant() {
    let text = Box::leak(document().to_string().into_boxed_str());
    let codes = text.split("urn:problem-type:rolecall:").skip(1);
    let codes: BTreeSet<_> = codes.filter_map(|rest| rest.split('"').next()).collect();
    // No operation has a method that it does not have.
    let codes = &codes | &BTreeSet::from(["method_not_allowed"]);
    assert_eq!(known(ProblemCode::KNOWN), codes);
    assert_eq!(known(Category::KNOWN), values_of("Category"));
    assert_eq!(known(Severity::KNOWN), values_of("Severity"));
}

#[tokio::test]
async fn a_service_can_ask_for_the_version_when_it_starts() {
    let office = Office::new().await;
    office.client.check_document_version().await.unwrap();
    let error = nobody().check_document_version().await.unwrap_err();
    assert!(matches!(error, rolecall_client::Error::Unavailable(_)), "{error:?}");
}
