//! What one user can make everybody else pay for.

use rolecall_domain::ports::OrganizationStore;
use rolecall_local::Options;
use serde_json::{Value, json};

use crate::{
    api::activity_stats::{advance, aggregate},
    contracts::store_of,
    support::{
        Actor, Firm, Json, OTHER_PASSWORD, PASSWORD, Response, TestApp, at_once, items, options,
        partition,
    },
};

/// Activities of so many types at a time.
const BATCH: usize = 25;

/// Tracks one activity of each of these types, as long as the API takes them.
async fn track_types(who: &Actor, types: std::ops::Range<usize>) -> Vec<Response> {
    let one = |n: usize| {
        json!({ "activity_type": format!("{:x<64}", format!("t{n:05}")), "description": "x",
            "category": "data_management" })
    };
    let all: Vec<usize> = types.collect();
    let mut responses = Vec::new();
    for some in all.chunks(8 * BATCH) {
        let batches = some.chunks(BATCH).map(|batch| {
            let activities: Vec<Value> = batch.iter().map(|n| one(*n)).collect();
            who.post("/activities/batch", json!({ "activities": activities }))
        });
        responses.extend(at_once(batches).await);
    }
    responses
}

/// Asserts that so many of the calls were taken, and that all others are told to wait for the next
/// minute.
#[track_caller]
fn assert_taken(responses: Vec<Response>, taken: std::ops::RangeInclusive<usize>) {
    let (good, refused): (Vec<_>, Vec<_>) =
        responses.into_iter().partition(|response| response.status < 300);
    assert!(taken.contains(&good.len()), "{} were taken: {:?}", good.len(), refused.first());
    assert!(!refused.is_empty());
    for response in refused {
        let response = response.expect_problem(429, "too_many_requests");
        let wait: u32 = response.header("retry-after").parse().unwrap();
        assert!((1..=61).contains(&wait), "{wait}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_63_seven_thousand_types_of_one_member_hold_nobodys_statistics_up() {
    // Without the quota of a user, which `attack_80` is about.
    let settings = vec![("ROLECALL_USER_ACTIVITIES", "1000000".to_owned())];
    let mut firm = Firm::on(Options { settings, ..options() }).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let bob = firm.member("bob", "OTHER", &[]).await;
    for response in track_types(&ada, 0..7000).await {
        response.expect(200);
    }
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
    let log = store_of(&firm.app).log_key("MY_COMPANY").await.unwrap();
    let listed = partition(&firm.app, &format!("TYPES#{log}")).await;
    let is_of_category = |item: &&Value| item.text_of("SK/S").starts_with("data_management#");
    let listed = listed.iter().filter(is_of_category).count();
    assert!((12..=15).contains(&listed), "{listed}");
    let path = "/activities?category=data_management&limit=10&organization=MY_COMPANY";
    assert_eq!(firm.root.get(path).await.expect(200).items().len(), 10);
    let cost = firm.app.cost_of("GET /api/v1/activities").await;
    // The other organization's id is looked up.
    let (gate, id, list) = (4.0, 1.0, 16.0);
    assert!(cost.number_of("read_units") <= gate + id + list, "{cost}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_80_one_user_signs_in_and_tracks_so_much_a_minute_and_has_fifty_sessions() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let bob = app.signed_in("bob").await;
    // A minute may end between two calls: then there are two quotas.
    let signed_in = at_once((0..60).map(|_| app.sign_in("ada"))).await;
    assert_taken(signed_in, 29..=59);
    assert_taken(track_types(&ada, 0..7000).await, 120..=240);
    app.sign_in("bob").await.expect(200);
    bob.track(json!({})).await;
    ada.get("/me").await.expect(200);
    // Recorded once a minute, not once a call.
    let failures = partition(&app, "ACTIVITY#PLATFORM#flagged#0").await;
    let is_limit = |item: &&Value| item.text_of("by_type/S").contains("rate_limit_exceeded");
    let recorded = failures.iter().filter(is_limit).count();
    assert!((2..=4).contains(&recorded), "{recorded}");
    app.advance(60).await;
    ada.track(json!({})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_80_the_fifty_first_session_ends_the_oldest() {
    let settings = [("ROLECALL_USER_SIGN_INS", "1000")];
    let app = TestApp::with_settings(&settings).await;
    let first = app.signed_in("ada").await;
    let second = app.sign_in("ada").actor().await;
    // What was signed out takes nobody's place.
    let out = app.sign_in("ada").actor().await;
    app.post("/auth/token/revoke", json!({ "refresh": out.refresh })).await.expect(204);
    for _ in 0..6 {
        for response in at_once((0..8).map(|_| app.sign_in("ada"))).await {
            response.expect(200);
        }
    }
    first.get("/me").await.expect(200);
    let third = app.sign_in("ada").actor().await;
    first.get("/me").await.expect_problem(401, "unauthenticated");
    app.refresh(&first.refresh).await.expect_problem(401, "invalid_token");
    second.get("/me").await.expect(200);
    third.get("/me").await.expect(200);
    let living = async || {
        let sessions = third.all("/user-sessions?limit=200").await;
        sessions.iter().filter(|session| session["is_active"] == true).count()
    };
    assert_eq!(living().await, 50);
    // At the same time, too.
    at_once((0..8).map(|_| app.sign_in("ada"))).await;
    assert_eq!(living().await, 50);
    second.get("/me").await.expect_problem(401, "unauthenticated");
    third.get("/me").await.expect(200);
    // Of a change of password one session is left, and it is no older one that ends next.
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    third.post("/auth/password-change", body).await.expect(204);
    for _ in 0..6 {
        at_once((0..8).map(|_| app.sign_in_with("ada", OTHER_PASSWORD))).await;
    }
    third.get("/me").await.expect(200);
    assert_eq!(living().await, 49);
}

#[tokio::test]
async fn writes_of_a_user_are_counted_and_reads_and_checks_are_not() {
    let settings = vec![("ROLECALL_USER_WRITES", "20".to_owned())];
    let firm = Firm::on(Options { settings, ..options() }).await;
    let ada = firm.member("ada", "MY_COMPANY", &["viewer"]).await;
    let mut writes = Vec::new();
    for n in 0..60 {
        writes.push(ada.patch("/me", json!({ "first_name": format!("Ada {n}") })).await);
    }
    assert_taken(writes, 20..=40);
    for _ in 0..60 {
        ada.get("/me").await.expect(200);
        ada.check(json!({ "permission": "pid.create" })).await;
        ada.track(json!({})).await;
    }
    // One write of two is told to the table.
    let is_count = |item: &Value| item["PK"]["S"] == format!("LIMIT#user-writes#{}", ada.id);
    let counts = items(&firm.app).await.into_iter().filter(is_count).collect::<Vec<_>>();
    assert!((1..=2).contains(&counts.len()), "{counts:?}");
    let told: u32 = counts.iter().map(|one| one.text_of("hits/N").parse::<u32>().unwrap()).sum();
    assert!((15..=40).contains(&told), "{told}");
    firm.app.advance(60).await;
    ada.patch("/me", json!({ "first_name": "Ada" })).await.expect(200);
}
