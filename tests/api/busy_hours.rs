//! Statistics are made of the hours in which something happened, whenever that is known, and of who
//! did it.

use rolecall_domain::activity_stats::Period;
use serde_json::{Value, json};

use super::activity_stats::{advance, aggregate, now, periods};
use crate::support::{Firm, Json, items};

#[tokio::test]
async fn people_are_those_who_did_something() {
    let mut firm = Firm::new().await;
    firm.member("boss", "MY_COMPANY", &["admin"]).await;
    advance(&mut firm, 3600).await;
    let boss = firm.signed_in_at("boss", "MY_COMPANY").await;
    let begin = now(&firm).await;
    for n in 0..12 {
        let invited = json!({ "email": format!("guest{n}@example.com") });
        boss.post("/organizations/MY_COMPANY/invitations", invited).await.expect(201);
    }
    firm.app.sign_in_with("boss", "not the password").await.expect(401);
    advance(&mut firm, 3600).await;
    aggregate(&firm).await;
    let hours = periods(&firm, "MY_COMPANY", "hour", Period::Hour.start(begin)).await;
    let hour = &hours[hours.len() - 1];
    assert_eq!(hour["unique_users"], 1, "{hour}");
    assert_eq!(hour.list_of("top_users").len(), 1);
    assert_eq!(hour["top_users"][0]["user_id"], json!(boss.id));
}

#[tokio::test]
async fn an_hour_that_is_noted_long_after_it_closed_is_made_up_for() {
    let mut firm = Firm::new().await;
    firm.member("ada", "MY_COMPANY", &[]).await;
    advance(&mut firm, 3600).await;
    aggregate(&firm).await;
    let ada = firm.signed_in_at("ada", "MY_COMPANY").await;
    firm.app.stack.stop_background().await;
    let begin = now(&firm).await;
    ada.track(json!({})).await;
    firm.app.stack.recorded().await;
    let run = async |firm: &Firm| {
        let time = json!({ "time": now(firm).await.to_string() });
        firm.app.post("/_local/schedule/aggregate_stats", time).await.expect(200).json()
    };
    let total = async |firm: &Firm| -> u64 {
        let hours = periods(firm, "MY_COMPANY", "hour", Period::Hour.start(begin)).await;
        hours.iter().map(|hour| hour.count_of("total_activities")).sum()
    };
    for _ in 0..3 {
        firm.app.post("/_local/clock", json!({ "advance_seconds": 3600 })).await.expect(200);
        firm.root = firm.app.admin().await;
        run(&firm).await;
    }
    assert_eq!(total(&firm).await, 0, "nobody was told of it");
    // The stream is read again.
    let told = items(&firm.app).await.into_iter().filter(|item| item["enclosed"]["S"].is_string());
    let records: Vec<Value> = told
        .zip(1..)
        .map(|(image, number)| {
            json!({ "eventName": "INSERT",
                "dynamodb": { "SequenceNumber": number.to_string(), "NewImage": image } })
        })
        .collect();
    let event = json!({ "time": "2026-11-28T00:00:00Z", "Records": records });
    firm.app.post("/_local/schedule/relay", event).await.expect(200);
    firm.app.post("/_local/clock", json!({ "advance_seconds": 3600 })).await.expect(200);
    firm.root = firm.app.admin().await;
    run(&firm).await;
    assert!(total(&firm).await >= 2, "the activity and its call");
}
