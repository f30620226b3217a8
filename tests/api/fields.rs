//! Whatever field the document says can be changed is stored, shown, cleared and recorded: a new
//! one is in here without a line.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::support::{Actor, Firm, Json, resolved};

/// Something that is changed by a merge patch: its schema, where it is, and what its change is
/// called.
struct Patched<'a> {
    schema: &'a str,
    path: String,
    event: &'a str,
    /// The code, or the user's id, that its records name.
    subject: &'a str,
}

/// A value that is right for a schema, and is not what a new thing has.
fn sample(name: &str, schema: &Value) -> Value {
    let either = schema["oneOf"].as_array().and_then(|either| either.first()).unwrap_or(schema);
    let schema = resolved(either);
    let is = |type_: &str| {
        let of = &schema["type"];
        *of == type_ || of.as_array().is_some_and(|all| all.iter().any(|one| one == type_))
    };
    match schema["enum"].as_array() {
        Some(values) => values.iter().rfind(|value| !value.is_null()).unwrap().clone(),
        None if schema["format"] == "email" => json!("somebody@example.com"),
        None if name.contains("phone") => json!("+41446681800"),
        None if is("boolean") => json!(false),
        None if is("integer") => json!(6),
        None if is("object") => json!({ "a": [1] }),
        None => json!("New"),
    }
}

fn may_be_null(schema: &Value) -> bool {
    let has_null = |all: &Value, null: &Value| all.as_array().is_some_and(|all| all.contains(null));
    has_null(&schema["type"], &json!("null"))
        || has_null(&schema["oneOf"], &json!({ "type": "null" }))
}

/// What the last record of a change of `subject` (a code, or a user's id) says that it is now, once
/// it is filed and is as it is to be; the last one seen, where it never is.
async fn recorded(
    root: &Actor,
    event: &str,
    subject: &str,
    is_so: impl Fn(&Value) -> bool,
) -> Value {
    let query = format!("/activities?organization=*&activity_type={event}&limit=200");
    let is_of = |one: &&Value| {
        [&one["details"]["code"], &one["organization"], &one["subject_id"]]
            .iter()
            .any(|value| **value == subject)
    };
    let mut look = tokio::time::interval(Duration::from_millis(25));
    let mut last = Value::Null;
    let end = Instant::now() + Duration::from_secs(30);
    while Instant::now() < end {
        look.tick().await;
        let page = root.get(&query).await.expect(200).json();
        last = page.items().iter().find(is_of).map(after).unwrap_or_default();
        if is_so(&last) {
            break;
        }
    }
    last
}

/// What a record says that something is now.
fn after(record: &Value) -> Value {
    let details = record.at("details");
    match details.get("after") {
        Some(after) => after.clone(),
        None => details
            .as_object()
            .unwrap()
            .iter()
            .filter_map(|(name, change)| Some((name.clone(), change.get("after")?.clone())))
            .collect::<Map<_, _>>()
            .into(),
    }
}

/// Whether a record says these fields.
fn says(record: &Value, fields: &Map<String, Value>) -> bool {
    fields.iter().all(|(name, value)| record.get(name) == Some(value))
}

async fn every_field(who: &Actor, root: &Actor, document: &Value, one: &Patched<'_>) {
    let Patched { schema, path, event, subject } = one;
    let properties = document.at(&format!("components/schemas/{schema}/properties"));
    // Only the address of a pending account is corrected.
    let mut properties = properties.as_object().unwrap().clone();
    properties.remove("email");
    let mut all: Map<String, Value> =
        properties.iter().map(|(name, schema)| (name.clone(), sample(name, schema))).collect();
    // One cannot be cleared, so it is another one each time.
    if let Some(username) = all.get_mut("username") {
        *username = json!(schema);
    }
    who.patch(path, Value::from(all.clone())).await.expect(200);
    let now = who.get(path).await.expect(200).json();
    let record = recorded(root, event, subject, |record| says(record, &all)).await;
    for (name, value) in &all {
        assert_eq!(now.get(name), Some(value), "{schema}.{name} is stored and shown");
        assert_eq!(record.get(name), Some(value), "{schema}.{name} is recorded: {record}");
    }
    // `is_active` and what else is always there takes no null as a change.
    let cleared: Map<String, Value> = properties
        .iter()
        .filter(|(name, schema)| {
            let is_text = schema["type"][0] == "string" || *name == "language";
            may_be_null(schema) && is_text
        })
        .map(|(name, _)| (name.clone(), Value::Null))
        .collect();
    assert!(!cleared.is_empty(), "{schema} has something to clear");
    who.patch(path, Value::from(cleared.clone())).await.expect(200);
    let now = who.get(path).await.expect(200).json();
    let record = recorded(root, event, subject, |record| says(record, &cleared)).await;
    for name in cleared.keys() {
        assert_eq!(now.get(name), Some(&Value::Null), "{schema}.{name} is cleared");
        assert_eq!(record.get(name), Some(&Value::Null), "{schema}.{name} is recorded: {record}");
    }
}

#[tokio::test]
async fn every_field_of_a_merge_patch_is_stored_shown_cleared_and_recorded() {
    let firm = Firm::new().await;
    let document = firm.app.get("/openapi.json").await.expect(200).json();
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let me = Patched {
        schema: "AccountPatch",
        path: "/me".to_owned(),
        event: "user_updated",
        subject: &ada.id,
    };
    every_field(&ada, &firm.root, &document, &me).await;
    let kinds = [
        ("OrganizationPatch", "/organizations/OTHER".to_owned(), "organization_updated", "OTHER"),
        (
            "PermissionPatch",
            "/permissions/pid.create".to_owned(),
            "permission_updated",
            "pid.create",
        ),
        ("ModulePatch", "/modules/PID".to_owned(), "module_updated", "PID"),
        ("RolePatch", "/roles/drafter".to_owned(), "role_updated", "drafter"),
        ("UserPatch", format!("/users/{}", ada.id), "user_updated", &ada.id),
    ];
    for (schema, path, event, subject) in kinds {
        let one = Patched { schema, path, event, subject };
        every_field(&firm.root, &firm.root, &document, &one).await;
    }
    let patches = document.at("components/schemas").as_object().unwrap().keys();
    let patches: Vec<&str> =
        patches.map(String::as_str).filter(|name| name.ends_with("Patch")).collect();
    assert_eq!(
        patches,
        [
            "AccountPatch",
            "ActivityStreamEntryPatch",
            "ModulePatch",
            "OrganizationPatch",
            "PermissionPatch",
            "RolePatch",
            "UserPatch"
        ],
        "a patch that is new belongs here; an entry of the stream has nothing to clear"
    );
}

#[tokio::test]
async fn every_field_of_a_membership_is_stored_shown_cleared_and_recorded() {
    let firm = Firm::new().await;
    let document = firm.app.get("/openapi.json").await.expect(200).json();
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let bob = firm.member("bob", "MY_COMPANY", &[]).await;
    let path = ada.at("MY_COMPANY");
    let properties = document.at("components/schemas/MemberPut/properties").as_object().unwrap();
    let mut all: Map<String, Value> =
        properties.iter().map(|(name, schema)| (name.clone(), sample(name, schema))).collect();
    all.insert("manager".to_owned(), json!(bob.id));
    firm.root.put(&path, Value::from(all.clone())).await.expect(200);
    let now = firm.root.get(&path).await.expect(200).json();
    let put = |record: &Value| says(record, &all);
    let record = recorded(&firm.root, "member_updated", &ada.id, put).await;
    for (name, value) in &all {
        assert_eq!(now.get(name), Some(value), "{name} is stored and shown");
        assert_eq!(record.get(name), Some(value), "{name} is recorded: {record}");
    }
    // What a PUT does not say is cleared; the status stays.
    firm.root.put(&path, json!({})).await.expect(200);
    let now = firm.root.get(&path).await.expect(200).json();
    let cleared = |record: &Value| record.get("department") == Some(&Value::Null);
    let record = recorded(&firm.root, "member_updated", &ada.id, cleared).await;
    for name in all.keys().filter(|name| *name != "status") {
        let nothing = if name == "metadata" { json!({}) } else { Value::Null };
        assert_eq!(now.get(name), Some(&nothing), "{name} is cleared");
        assert_eq!(record.get(name), Some(&nothing), "{name} is recorded: {record}");
    }
}
