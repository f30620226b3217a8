use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall_domain::{
    activity::{Category, Severity, usual},
    clock::SystemClock,
    ids::{ActivityId, UserId},
    rng::SystemRng,
};
use serde_json::{Value, json};

use super::{Json, TestApp};

/// Every item of an app's table, in DynamoDB's JSON: what somebody with a copy of the table would
/// read.
pub(crate) async fn items(app: &TestApp) -> Vec<Value> {
    let mut scan = json!({ "TableName": table_of(app), "ConsistentRead": true });
    let mut items = Vec::new();
    loop {
        let mut response = ask_dynamodb(app.stack.dynamodb_endpoint(), "Scan", &scan).await;
        items.extend(response["Items"].as_array().unwrap_or_else(|| panic!("{response}")).clone());
        match response["LastEvaluatedKey"].take() {
            Value::Null => break,
            next => scan["ExclusiveStartKey"] = next,
        }
    }
    items.iter_mut().filter(|item| item["entity"]["S"] == "activity").for_each(spell_out);
    items
}

/// The name of an app's table.
pub(crate) fn table_of(app: &TestApp) -> String {
    let mut names = app.stack.environment().iter();
    names.find(|(name, _)| *name == "ROLECALL_TABLE").unwrap().1.clone()
}

/// The items of one partition.
pub(crate) async fn partition(app: &TestApp, key: &str) -> Vec<Value> {
    let query = json!({ "TableName": table_of(app), "ConsistentRead": true,
        "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": { ":pk": { "S": key } } });
    let response = ask_dynamodb(app.stack.dynamodb_endpoint(), "Query", &query).await;
    assert!(response["LastEvaluatedKey"].is_null(), "a partition of more than 1 MB");
    response["Items"].as_array().cloned().unwrap_or_else(|| panic!("{response}"))
}

/// One operation of the DynamoDB at `endpoint`, in its own JSON.
pub(crate) async fn ask_dynamodb(endpoint: &str, operation: &str, body: &Value) -> Value {
    let credential = "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, \
        SignedHeaders=host, Signature=00";
    let response = reqwest::Client::new()
        .post(endpoint)
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .header("x-amz-date", "20260101T000000Z")
        .header("authorization", credential)
        .body(body.to_string())
        .send()
        .await
        .unwrap();
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

/// Adds what an activity's keys say of it.
fn spell_out(activity: &mut Value) {
    let part = |name: &str, place: usize| {
        activity[name].text_of("S").split('#').nth(place).unwrap().to_owned()
    };
    let (activity_type, organization) = (part("by_type", 1), part("PK", 1));
    let activity_id: ActivityId = part("SK", 0).parse().unwrap();
    activity["activity_type"] = json!({ "S": activity_type });
    activity["organization"] = json!({ "S": organization });
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(activity[name]["S"].as_str()?).ok();
    let id = |name: &str| {
        bytes(name).map_or(
            Value::Null,
            |bytes| json!({ "S": UserId::from_bytes(bytes.try_into().unwrap()).to_string() }),
        )
    };
    let (actor, session) = (id("actor"), id("session"));
    let subject = if activity["subject"]["S"] == "=" { actor.clone() } else { id("subject") };
    let (category, severity) =
        match activity["kind"]["N"].as_str().map(|kind| kind.parse::<usize>().unwrap()) {
            Some(kind) => (Category::ALL[kind / 10], Severity::ALL[kind % 10]),
            None => usual(&activity_type).unwrap(),
        };
    for (name, id) in [("user_id", actor), ("subject_id", subject), ("session_id", session)] {
        if !id.is_null() {
            activity[name] = id;
        }
    }
    activity["category"] = json!({ "S": category.as_str() });
    activity["severity"] = json!({ "S": severity.as_str() });
    activity["success"] = json!({ "BOOL": activity["failed"].is_null() });
    activity["at"] = json!({ "N": activity_id.made_at().as_millisecond().to_string() });
}

/// The ids of the mails in the outbox.
pub(crate) async fn outbox_ids(app: &TestApp) -> Vec<String> {
    let outbox = items(app).await.into_iter().filter(|item| item["entity"]["S"] == "outbox");
    outbox.map(|item| item.text_of("id/S").to_owned()).collect()
}

/// The bytes of an item as DynamoDB counts them (its developer guide, "DynamoDB item sizes and
/// formats").
pub(crate) fn size_of(item: &Value) -> usize {
    item.as_object().unwrap().iter().map(|(name, value)| name.len() + size_of_value(value)).sum()
}

fn size_of_value(value: &Value) -> usize {
    // What `spell_out` found nothing for.
    let Some((kind, value)) = value.as_object().and_then(|one| one.iter().next()) else {
        return 0;
    };
    match (kind.as_str(), value) {
        ("S", Value::String(text)) => text.len(),
        ("N", Value::String(digits)) => digits.len() / 2 + 2,
        ("B", Value::String(text)) => text.len() / 4 * 3,
        ("SS" | "BS", Value::Array(all)) => all.iter().map(|one| one.as_str().unwrap().len()).sum(),
        ("L", Value::Array(all)) => 3 + all.iter().map(|one| 1 + size_of_value(one)).sum::<usize>(),
        ("M", map @ Value::Object(all)) => 3 + all.len() + size_of(map),
        ("BOOL" | "NULL", _) => 1,
        _ => panic!("what is a {kind}?"),
    }
}

/// Changes an item of an app's table by hand.
pub(crate) async fn update_item(app: &TestApp, key: [&str; 2], expression: &str, values: Value) {
    let update = json!({ "TableName": table_of(app),
        "Key": { "PK": { "S": key[0] }, "SK": { "S": key[1] } },
        "UpdateExpression": expression, "ExpressionAttributeValues": values });
    let updated = ask_dynamodb(app.stack.dynamodb_endpoint(), "UpdateItem", &update).await;
    assert!(updated["__type"].is_null(), "{updated}");
}

/// Puts an activity into a log as versions wrote it when `user_id` was whom it was about; answers
/// its id.
pub(crate) async fn record_of_before(
    app: &TestApp,
    log: &str,
    activity_type: &str,
    user: &str,
    details: &Value,
) -> String {
    let id = ActivityId::new(&SystemClock, &SystemRng);
    let user: UserId = user.parse().unwrap();
    let item = json!({
        "PK": { "S": format!("ACTIVITY#{log}#ordinary#0") }, "SK": { "S": id.to_string() },
        "entity": { "S": "activity" }, "v": { "N": "1" },
        "by_type": { "S": format!("{log}#{activity_type}#0") },
        "by_user": { "S": URL_SAFE_NO_PAD.encode(user.as_bytes()) },
        "kind": { "N": "12" }, "details": { "S": details.to_string() },
        "expires_at": { "N": "9999999999" },
    });
    let put = json!({ "TableName": table_of(app), "Item": item });
    ask_dynamodb(app.stack.dynamodb_endpoint(), "PutItem", &put).await;
    id.to_string()
}
