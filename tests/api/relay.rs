//! `relay` does two things with the records of one stream, and neither stops, repeats or loses the
//! other.

use serde_json::{Value, json};

use crate::support::{Actor, Firm, Json, TestApp, ask_dynamodb, person};

/// A sign-up and an activity whose records nobody has seen yet.
struct Unseen {
    firm: Firm,
    ada: Actor,
    activity_id: String,
    eve: String,
    user: Value,
    activity: Value,
}

impl Unseen {
    async fn new() -> Self {
        let mut firm = Firm::new().await;
        let ada = firm.member("ada", "MY_COMPANY", &["admin"]).await;
        firm.app.stack.stop_background().await;
        let eve = firm.app.post("/auth/register", person("eve")).await.expect(201).text_of("id");
        let activity_id = ada.track(json!({})).await.text_of("id").to_owned();
        let scan = json!({ "TableName": "rolecall", "ConsistentRead": true });
        let found = ask_dynamodb(firm.app.stack.dynamodb_endpoint(), "Scan", &scan).await;
        let one = |is: &dyn Fn(&Value) -> bool| {
            found.list_of("Items").iter().find(|item| is(item)).unwrap().clone()
        };
        let user =
            one(&|item| item["id"]["S"] == eve.as_str() && item["enclosed"]["S"].is_string());
        let activity = one(&|item| {
            item["SK"].text_of("S").contains(&activity_id) && item["feed"]["S"].is_string()
        });
        Self { firm, ada, activity_id, eve, user, activity }
    }

    /// How often the sign-up is in the log, and the activity in the stream.
    async fn seen(&self) -> (usize, u64) {
        let path = format!("/activities?organization=*&user_id={}&limit=200", self.eve);
        let log = self.firm.root.get(&path).await.expect(200).items();
        let log = log.iter().filter(|one| one["activity_type"] != "api_request").count();
        let stream = self.ada.get("/activity-streams?limit=200").await.expect(200).items();
        let is_it = |one: &&Value| one["activity_id"] == self.activity_id.as_str();
        let count = stream.iter().find(is_it).map(|one| one.count_of("group_count"));
        (log, count.unwrap_or_default())
    }
}

/// Hands `relay` the images as records 1, 2, …; the number that it names as failed.
async fn relay(app: &TestApp, images: &[&Value]) -> Option<String> {
    let records: Vec<Value> = images
        .iter()
        .zip(1..)
        .map(|(image, number)| {
            json!({ "eventName": "MODIFY",
                "dynamodb": { "SequenceNumber": number.to_string(), "NewImage": image } })
        })
        .collect();
    let event = json!({ "time": "2026-11-28T00:00:00Z", "Records": records });
    let response = app.post("/_local/schedule/relay", event).await.expect(200).json();
    let failures = response.list_of("batchItemFailures");
    failures.first().map(|one| one.text_of("itemIdentifier").to_owned())
}

#[tokio::test]
async fn an_activity_that_cannot_be_read_keeps_no_sign_up_from_the_log() {
    let unseen = Unseen::new().await;
    let mut broken = unseen.activity.clone();
    broken["SK"] = json!({ "S": "nothing" });
    for _ in 0..3 {
        let failed = relay(&unseen.firm.app, &[&broken, &unseen.user, &unseen.activity]).await;
        assert_eq!(failed.as_deref(), Some("1"));
        assert_eq!(unseen.seen().await, (1, 0), "filed, and once");
    }
    for _ in 0..2 {
        assert_eq!(relay(&unseen.firm.app, &[&unseen.user, &unseen.activity]).await, None);
        assert_eq!(unseen.seen().await, (1, 1), "both, and once");
    }
}

#[tokio::test]
async fn pending_events_that_cannot_be_read_keep_no_activity_from_the_stream() {
    let unseen = Unseen::new().await;
    let mut broken = unseen.user.clone();
    broken["enclosed"] = json!({ "S": "{" });
    for _ in 0..3 {
        let failed = relay(&unseen.firm.app, &[&unseen.activity, &broken, &unseen.user]).await;
        assert_eq!(failed.as_deref(), Some("2"));
        assert_eq!(unseen.seen().await, (0, 1), "it is in the stream, and once");
    }
    assert_eq!(relay(&unseen.firm.app, &[&unseen.activity, &unseen.user]).await, None);
    assert_eq!(unseen.seen().await, (1, 1), "both, and once");
}

#[tokio::test]
async fn a_record_that_relay_cannot_handle_holds_up_no_mail() {
    let app = TestApp::new().await;
    let poison = json!({ "TableName": "rolecall", "Item": {
        "PK": { "S": "ACTIVITY#PLATFORM#c#0" }, "SK": { "S": "nothing" },
        "feed": { "S": "PLATFORM" } } });
    ask_dynamodb(app.stack.dynamodb_endpoint(), "PutItem", &poison).await;
    app.post("/auth/register", person("ada")).await.expect(202);
    // `relay` tries the record again for minutes.
    app.mailed_token("ada@example.com", 1).await;
}
