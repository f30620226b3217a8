//! `relay` does two things with the records of one stream, and neither stops, repeats or loses the
//! other.

use rolecall_local::{Data, Options};
use serde_json::{Value, json};

use crate::support::{
    Actor, Firm, Json, TestApp, ask_dynamodb, in_process_without_a_store, items, options, person,
    size_of, table_of,
};

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
        let found = items(&firm.app).await;
        let one = |is: &dyn Fn(&Value) -> bool| found.iter().find(|item| is(item)).unwrap().clone();
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

/// Hands `relay` the images as changes of records 1, 2, …; the number that it names as failed.
async fn relay(app: &TestApp, images: &[&Value]) -> Option<String> {
    relay_as(app, "MODIFY", images).await
}

async fn relay_as(app: &TestApp, event_name: &str, images: &[&Value]) -> Option<String> {
    let records: Vec<Value> = images
        .iter()
        .zip(1..)
        .map(|(image, number)| {
            // An activity changes only as it is indexed.
            let is_activity = image["entity"]["S"] == "activity";
            let event_name = if is_activity { "INSERT" } else { event_name };
            json!({ "eventName": event_name,
                "dynamodb": { "SequenceNumber": number.to_string(), "NewImage": image } })
        })
        .collect();
    let event = json!({ "time": "2026-11-28T00:00:00Z", "Records": records });
    let response = app.post("/_local/schedule/relay", event).await.expect(200).json();
    let failures = response.list_of("batchItemFailures");
    failures.first().map(|one| one.text_of("itemIdentifier").to_owned())
}

/// The pending events that were set aside.
async fn set_aside(app: &TestApp) -> Vec<Value> {
    let all = items(app).await;
    all.into_iter().filter(|item| item["entity"]["S"] == "set aside").collect()
}

#[tokio::test]
async fn an_activity_that_cannot_be_read_keeps_nothing_from_log_and_stream() {
    let unseen = Unseen::new().await;
    let mut broken = unseen.activity.clone();
    broken["SK"] = json!({ "S": "nothing" });
    for _ in 0..3 {
        let failed = relay(&unseen.firm.app, &[&broken, &unseen.user, &unseen.activity]).await;
        assert_eq!(failed, None, "it never comes again");
        assert_eq!(unseen.seen().await, (1, 1), "both, and once");
    }
}

#[tokio::test]
async fn pending_events_that_cannot_be_read_are_set_aside_and_keep_nothing_else() {
    let unseen = Unseen::new().await;
    let app = &unseen.firm.app;
    let mut broken = unseen.user.clone();
    broken["enclosed"] = json!({ "S": "{" });
    for _ in 0..3 {
        let failed = relay(app, &[&unseen.activity, &broken, &unseen.user]).await;
        assert_eq!(failed, None, "it never comes again");
        assert_eq!(unseen.seen().await, (1, 1), "both, and once");
    }
    let kept = set_aside(app).await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(kept[0].text_of("pending_events/S"), "{");
    assert!(kept[0]["enclosed"].is_null(), "relay does not take it up by itself");
    assert!(kept[0]["expires_at"]["N"].is_string());
}

#[tokio::test]
async fn what_is_set_aside_has_a_short_reason_whatever_it_quotes() {
    let unseen = Unseen::new().await;
    let app = &unseen.firm.app;
    let mut broken = unseen.user.clone();
    let quoted = "\u{e9}".repeat(100_000);
    broken["enclosed"] = json!({ "S": json!({ "mails": quoted }).to_string() });
    assert_eq!(relay(app, &[&broken]).await, None);
    let kept = set_aside(app).await;
    assert_eq!(kept[0].text_of("reason/S").chars().count(), 500);
    assert!(size_of(&kept[0]) < 210_000, "{}", size_of(&kept[0]));
}

#[tokio::test]
async fn whose_pending_events_cannot_be_read_is_listed_all_the_same() {
    let unseen = Unseen::new().await;
    let app = &unseen.firm.app;
    let listed = async || {
        let all = items(app).await;
        let theirs =
            |item: &&Value| item["entity"]["S"] == "person" && item["id"] == unseen.user["id"];
        all.iter().filter(theirs).count()
    };
    assert_eq!(listed().await, 0);
    let mut broken = unseen.user.clone();
    broken["enclosed"] = json!({ "S": "{" });
    assert_eq!(relay(app, &[&broken]).await, None);
    assert!(listed().await > 0);
}

/// What an operator does when the cause is repaired (docs/operating.md).
#[tokio::test]
async fn what_was_set_aside_is_filed_when_an_operator_hands_it_back() {
    let unseen = Unseen::new().await;
    let app = &unseen.firm.app;
    let mut broken = unseen.user.clone();
    // An account without an id cannot be listed.
    broken["id"] = json!({ "S": "nothing" });
    assert_eq!(relay_as(app, "INSERT", &[&broken]).await, None);
    assert_eq!(unseen.seen().await, (0, 0));
    let kept = set_aside(app).await;
    let update = json!({ "TableName": table_of(app),
        "Key": { "PK": kept[0]["PK"], "SK": kept[0]["SK"] },
        "UpdateExpression": "SET enclosed = pending_events REMOVE pending_events",
        "ReturnValues": "ALL_NEW" });
    let endpoint = app.stack.dynamodb_endpoint();
    let item = ask_dynamodb(endpoint, "UpdateItem", &update).await["Attributes"].clone();
    assert_eq!(relay(app, &[&item]).await, None);
    assert_eq!(unseen.seen().await, (1, 0), "in the log");
}

#[tokio::test]
async fn a_store_that_is_away_is_no_reason_to_give_up() {
    let unseen = Unseen::new().await;
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let app = TestApp::start(Options { data, ..options() }).await;
    let away = in_process_without_a_store(&app).await;
    let record = |number: u32, image: &Value| {
        json!({ "eventName": "MODIFY",
            "dynamodb": { "SequenceNumber": number.to_string(), "NewImage": image } })
    };
    let records = [record(1, &json!({})), record(2, &unseen.user), record(3, &unseen.activity)];
    let job = functions::jobs::all().into_iter().find(|job| job.name == "relay").unwrap();
    let mailer = std::sync::Arc::new(crate::contracts::outbox::Away);
    let response = (job.handler)(away.ports(), mailer, json!({ "Records": records })).await;
    let expected = json!({ "batchItemFailures": [{ "itemIdentifier": "2" }] });
    assert_eq!(response.unwrap(), expected);
}

#[tokio::test]
async fn a_record_that_relay_cannot_handle_holds_up_no_mail() {
    let app = TestApp::new().await;
    let poison = json!({ "TableName": table_of(&app), "Item": {
        "PK": { "S": "ACTIVITY#PLATFORM#c#0" }, "SK": { "S": "nothing" },
        "feed": { "S": "PLATFORM" } } });
    ask_dynamodb(app.stack.dynamodb_endpoint(), "PutItem", &poison).await;
    app.post("/auth/register", person("ada")).await.expect(202);
    app.mailed_token("ada@example.com", 1).await;
}
