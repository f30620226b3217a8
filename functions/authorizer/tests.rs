use rolecall_domain::permission::Need;
use serde_json::{Value, json};

use super::Event;

fn event(extra: &Value) -> Event {
    let mut event = json!({ "version": "2.0", "routeKey": "GET /reports/{id}" });
    event.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    serde_json::from_value(event).unwrap()
}

#[test]
fn a_route_needs_what_the_map_says_then_what_the_stage_says_and_otherwise_cannot_be_had() {
    let map = [("GET /reports/{id}".to_owned(), Need::Permission("reports.read".to_owned()))];
    let staged = event(&json!({ "stageVariables": { "rolecall_needs": "module:PID" } }));
    assert_eq!(staged.need(&map), Some(Need::Permission("reports.read".to_owned())));
    assert_eq!(staged.need(&[]), Some(Need::Module("PID".to_owned())));
    assert_eq!(event(&json!({})).need(&[]), None);
    assert_eq!(event(&json!({ "stageVariables": { "rolecall_needs": "" } })).need(&[]), None);
    assert_eq!(
        event(&json!({ "stageVariables": { "rolecall_needs": "signed-in" } })).need(&[]),
        Some(Need::SignedIn)
    );
}

#[test]
fn the_token_is_that_of_the_identity_source_or_of_the_header() {
    assert_eq!(event(&json!({ "identitySource": ["Bearer a"] })).token(), Some("a"));
    assert_eq!(event(&json!({ "headers": { "authorization": "bearer b" } })).token(), Some("b"));
    assert_eq!(event(&json!({ "identitySource": ["Basic a"] })).token(), None);
    assert_eq!(event(&json!({})).token(), None);
}
