//! Mail that does not go out.

use rolecall_domain::{
    clock::{Clock, SignedDuration, SystemClock},
    ports::{Claim, Outbox},
};
use serde_json::{Value, json};

use crate::contracts::store_of;
use crate::support::{Json, PASSWORD, TestApp, ask_dynamodb, items, outbox_ids, person, table_of};

/// Has the mail service answer an error to mails to this address, or to all.
async fn refuse(app: &TestApp, to: &str, error: &str) {
    app.post("/_local/ses/faults", json!({ "to": to, "error": error })).await.expect(200);
}

async fn take_again(app: &TestApp, to: &str) {
    app.post("/_local/ses/faults", json!({ "to": to, "error": null })).await.expect(200);
}

/// Runs a job, as its event would; its answer.
async fn run(app: &TestApp, job: &str, mut event: Value) -> Value {
    event["time"] = json!("2026-11-28T00:00:00Z");
    app.post(&format!("/_local/schedule/{job}"), event).await.expect(200).json()
}

/// Hands mails over as Lambda does, in one batch.
async fn hand_over(app: &TestApp, ids: &[String]) -> Value {
    let record = |(number, id): (usize, &String)| {
        json!({ "eventName": "INSERT", "dynamodb": { "SequenceNumber": number.to_string(),
            "NewImage": { "entity": { "S": "outbox" }, "id": { "S": id } } } })
    };
    let records: Vec<Value> = ids.iter().enumerate().map(record).collect();
    run(app, "deliver_mail", json!({ "Records": records })).await
}

async fn sign_up(app: &TestApp, name: &str) {
    app.post("/auth/register", person(name)).await.expect(202);
}

/// The item of the mail to `name`.
async fn outbox(app: &TestApp, name: &str) -> Value {
    let to = format!("{name}@example.com");
    let is_it = |item: &Value| {
        item["entity"]["S"] == "outbox"
            && item["mail"]["S"].as_str().is_some_and(|mail| mail.contains(&to))
    };
    items(app).await.into_iter().find(is_it).expect(name)
}

async fn count(app: &TestApp, entity: &str) -> usize {
    items(app).await.iter().filter(|item| item["entity"]["S"] == entity).count()
}

/// Writes something else into a mail.
async fn spoil(app: &TestApp, item: &Value, mail: &str) {
    let mut item = item.clone();
    item["mail"] = json!({ "S": mail });
    let put = json!({ "TableName": table_of(app), "Item": item });
    ask_dynamodb(app.stack.dynamodb_endpoint(), "PutItem", &put).await;
}

#[tokio::test]
async fn attack_54_mail_that_the_service_did_not_take_goes_out_later_and_once() {
    let app = TestApp::new().await;
    for name in ["ada", "eve"] {
        refuse(&app, "*", "SendingPausedException").await;
        sign_up(&app, name).await;
        app.settled(|items| {
            let is_due = |item: &&Value| item["entity"]["S"] == "due mail";
            items.iter().filter(is_due).count() == 1
        })
        .await;
        app.mails(&format!("{name}@example.com"), 0).await;
        take_again(&app, "*").await;
        // The schedule may be faster than we are: whoever comes first sends it.
        app.advance(3600).await;
        for _ in 0..3 {
            run(&app, "sweep_mail", json!({})).await;
        }
        let token = app.mailed_token(&format!("{name}@example.com"), 1).await;
        app.verify(&token, PASSWORD).await.expect(204);
        assert_eq!(count(&app, "due mail").await, 0);
    }
}

#[tokio::test]
async fn attack_54_mail_of_a_service_that_is_away_for_days_is_given_up_when_its_link_is_over() {
    let mut app = TestApp::new().await;
    sign_up(&app, "ada").await;
    app.mails("ada@example.com", 1).await;
    refuse(&app, "*", "InternalServiceErrorException").await;
    app.stack.stop_background().await;
    sign_up(&app, "eve").await;
    let id = outbox(&app, "eve").await.text_of("id/S").to_owned();
    assert_eq!(hand_over(&app, &[id]).await, json!({ "batchItemFailures": [] }));
    let mut tries = 0;
    while tries < 40 && count(&app, "due mail").await == 1 {
        app.advance(3600).await;
        run(&app, "sweep_mail", json!({})).await;
        tries += 1;
    }
    assert_eq!(tries, 24, "a link of a day");
    let given_up = outbox(&app, "eve").await;
    assert_eq!(given_up.text_of("reason/S"), "expired");
    take_again(&app, "*").await;
    assert_eq!(run(&app, "sweep_mail", json!({})).await["sent"], 0);
    app.mails("eve@example.com", 0).await;
}

#[tokio::test]
async fn attack_54_mail_of_a_function_that_died_with_its_claim_goes_out_once_the_claim_is_over() {
    let mut app = TestApp::new().await;
    app.stack.stop_background().await;
    sign_up(&app, "ada").await;
    let ids = outbox_ids(&app).await;
    let now = SystemClock.now();
    let lease = now + SignedDuration::from_secs(60);
    let claim = store_of(&app).claim_mail(ids[0].parse().unwrap(), now, lease).await.unwrap();
    assert!(matches!(claim, Claim::Mine { .. }));
    // Lambda hands the batch over again, at once and once more.
    for _ in 0..2 {
        assert_eq!(hand_over(&app, &ids).await, json!({ "batchItemFailures": [] }));
        assert_eq!(count(&app, "due mail").await, 1);
    }
    run(&app, "sweep_mail", json!({})).await;
    app.mails("ada@example.com", 0).await;
    app.advance(61).await;
    for sent in [1, 0] {
        assert_eq!(run(&app, "sweep_mail", json!({})).await["sent"], sent);
    }
    app.mailed_token("ada@example.com", 1).await;
    assert_eq!(count(&app, "due mail").await, 0);
}

#[tokio::test]
async fn attack_62_mails_behind_one_that_never_goes_out_go_out_in_the_same_run() {
    let mut app = TestApp::new().await;
    app.stack.stop_background().await;
    for name in ["foreign", "rejected", "unreadable", "idless"] {
        sign_up(&app, name).await;
    }
    // The front door may refuse it by now; what was signed up before is in the outbox.
    let foreign = outbox(&app, "foreign").await;
    let mail = foreign.text_of("mail/S").replace("foreign@", "jürgen@");
    spoil(&app, &foreign, &mail).await;
    refuse(&app, "rejected@example.com", "MessageRejected").await;
    spoil(&app, &outbox(&app, "unreadable").await, "{").await;
    let bad: Vec<String> = outbox_ids(&app).await;
    let good: Vec<String> = (0..25).map(|n| format!("good{n}")).collect();
    for name in &good {
        sign_up(&app, name).await;
    }
    let all = outbox_ids(&app).await;
    let mut ids = bad.clone();
    ids.push("no id".to_owned());
    ids.extend(all.into_iter().filter(|id| !bad.contains(id)));
    assert_eq!(hand_over(&app, &ids).await, json!({ "batchItemFailures": [] }));
    for name in &good {
        app.mailed_token(&format!("{name}@example.com"), 1).await;
    }

    let by_id = items(&app).await;
    let reason = |item: &Value| {
        let found = by_id.iter().find(|one| one["PK"] == item["PK"]).unwrap();
        found["reason"]["S"].as_str().map(str::to_owned)
    };
    assert_eq!(reason(&foreign).as_deref(), Some("refused: BadRequestException"));
    let mut reasons: Vec<String> = by_id.iter().filter_map(reason).collect();
    reasons.sort();
    assert_eq!(reasons, ["refused: BadRequestException", "refused: MessageRejected", "unreadable"]);
    assert_eq!(count(&app, "due mail").await, 0, "what is over is not tried again");
    hand_over(&app, &ids).await;
    app.mails("good0@example.com", 1).await;
}

#[tokio::test]
async fn attack_62_a_mail_that_is_given_up_is_recorded_without_its_address() {
    let app = TestApp::new().await;
    app.signed_in("ada").await;
    refuse(&app, "ada@example.com", "MessageRejected").await;
    app.post("/auth/password-reset", json!({ "email": "ada@example.com" })).await.expect(202);
    let activity = app.activities("mail_failed", 1).await.pop().unwrap();
    assert_eq!(activity["severity"]["S"], "high");
    assert_eq!(activity["success"]["BOOL"], false);
    let text = activity.to_string();
    for part in ["reset_password", "refused", "MessageRejected"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("ada@"), "{text}");
    assert!(activity["subject_id"]["S"].is_string(), "whose it was");
}

#[tokio::test]
async fn attack_62_a_service_that_takes_nothing_is_asked_twice_a_run_and_no_mail_is_lost() {
    let mut app = TestApp::new().await;
    app.stack.stop_background().await;
    refuse(&app, "*", "TooManyRequestsException").await;
    for n in 0..10 {
        sign_up(&app, &format!("user{n}")).await;
    }
    let ids = outbox_ids(&app).await;
    assert_eq!(hand_over(&app, &ids).await, json!({ "batchItemFailures": [] }));
    let claimed = items(&app).await;
    let claimed = claimed.iter().filter(|item| item["claims"]["N"] == "1").count();
    assert_eq!(claimed, 2, "the others wait for no time-out");
    assert_eq!(count(&app, "due mail").await, 10);
    take_again(&app, "*").await;
    app.advance(300).await;
    let swept = run(&app, "sweep_mail", json!({})).await;
    assert_eq!(swept, json!({ "sent": 10, "given_up": 0, "postponed": 0 }));
    for n in 0..10 {
        app.mailed_token(&format!("user{n}@example.com"), 1).await;
    }
    assert_eq!(count(&app, "due mail").await, 0);
}
