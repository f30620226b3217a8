//! What one user can make everybody else pay for.

use serde_json::{Value, json};

use crate::{
    api::activity_stats::{advance, aggregate},
    support::{Actor, Firm, Json, at_once, partition},
};

/// Activities of so many types at a time.
const BATCH: usize = 25;

/// Tracks one activity of each of these types, as long as the API takes them.
async fn track_types(who: &Actor, types: std::ops::Range<usize>) {
    let one = |n: usize| {
        json!({ "activity_type": format!("{:x<64}", format!("t{n:05}")), "description": "x",
            "category": "data_management" })
    };
    let all: Vec<usize> = types.collect();
    for some in all.chunks(8 * BATCH) {
        let batches = some.chunks(BATCH).map(|batch| {
            let activities: Vec<Value> = batch.iter().map(|n| one(*n)).collect();
            who.post("/activities/batch", json!({ "activities": activities }))
        });
        for response in at_once(batches).await {
            response.expect(200);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_63_seven_thousand_types_of_one_member_hold_nobodys_statistics_up() {
    let mut firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let bob = firm.member("bob", "OTHER", &[]).await;
    track_types(&ada, 0..7000).await;
    bob.track(json!({})).await;
    advance(&mut firm, 2 * 3600).await;
    assert_eq!(aggregate(&firm).await["failed"], 0);
    let hours = async |organization: &str| {
        let path = format!("/activity-stats?period_type=hour&organization={organization}");
        let all = firm.root.all(&path).await;
        all.into_iter().filter(|hour| hour["total_activities"] != 0).collect::<Vec<_>>()
    };
    let mut others = 0;
    for organization in ["MY_COMPANY", "OTHER", "PLATFORM", "*"] {
        let hours = hours(organization).await;
        assert!(!hours.is_empty(), "{organization}");
        for hour in hours {
            let types = hour["by_type"].as_object().unwrap();
            assert!(types.len() <= 101, "{organization}: {}", types.len());
            let all: u64 = types.values().map(|count| count.as_u64().unwrap()).sum();
            assert_eq!(hour["total_activities"], all);
            others += types.get("other").map_or(0, |count| count.as_u64().unwrap());
        }
    }
    assert!(others >= 2 * 6900, "{others}");
    // What lists by category read is bounded, too.
    let listed = partition(&firm.app, "TYPES#MY_COMPANY").await;
    let is_of_category = |item: &&Value| item.text_of("SK/S").starts_with("data_management#");
    let listed = listed.iter().filter(is_of_category).count();
    assert!((9..=12).contains(&listed), "{listed}");
    let path = "/activities?category=data_management&limit=10&organization=MY_COMPANY";
    assert_eq!(firm.root.get(path).await.expect(200).items().len(), 10);
    let cost = firm.app.cost_of("GET /api/v1/activities").await;
    let (gate, list) = (4.0, 8.0);
    assert!(cost.number_of("read_units") <= gate + list, "{cost}");
}
