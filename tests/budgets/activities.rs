use rolecall_domain::ports::OrganizationStore;
use rolecall_local::Options;
use serde_json::{Value, json};

use super::{Budget, assert_within};
use crate::{
    contracts::activity_stream,
    support::{Actor, Firm, Json, options},
};

const TRACK: &str = "POST /api/v1/activities";
const BATCH: &str = "POST /api/v1/activities/batch";
const LIST: &str = "GET /api/v1/activities";

/// Tracks so many activities, in batches.
async fn fill(who: &Actor, count: usize, like: impl Fn(usize) -> Value) {
    for first in (0..count).step_by(25) {
        let batch: Vec<Value> = (first..count.min(first + 25)).map(&like).collect();
        who.post("/activities/batch", json!({ "activities": batch })).await.expect(200);
    }
}

fn plain(n: usize) -> Value {
    json!({
        "activity_type": format!("noise_{}", n % 5), "description": "Something happened.",
            "category": "communication",
        "details": { "number": n },
    })
}

#[tokio::test]
async fn tracking_stays_within_its_budgets() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    // The gate's own trip and units come on top.
    let track = Budget { in_sequence: 2.0, read_units: 4.0, write_units: 3.0, argon2: 0.0 };
    for _ in 0..3 {
        ada.track(
            json!({ "details": { "file_name": "pid-101.dwg", "file_size": 1 }, "success": false }),
        )
        .await;
        assert_within(&firm.app.cost_of(TRACK).await, &track);
    }
    for _ in 0..2 {
        fill(&ada, 25, plain).await;
        assert_within(&firm.app.cost_of(BATCH).await, &Budget { write_units: 75.0, ..track });
    }
}

/// What lists cost: the budget is 16 RRU beside the gate's 4, in one round trip or two.
async fn costs(firm: &Firm, boss: &Actor, queries: &[String]) -> Vec<Value> {
    let budget = Budget { in_sequence: 3.0, read_units: 16.0 + 4.0, write_units: 0.0, argon2: 0.0 };
    let mut costs = Vec::new();
    for query in queries {
        let page = boss.get(&format!("/activities?limit=50&{query}")).await.expect(200).json();
        let cost = firm.app.cost_of(LIST).await;
        assert_within(&cost, &budget);
        costs.push(json!({ "query": query, "cost": cost,
            "found": page.items().len() }));
    }
    costs
}

#[tokio::test]
async fn fifty_activities_cost_the_same_whatever_else_the_table_holds() {
    let settings = vec![("ROLECALL_USER_ACTIVITIES", "1000000".to_owned())];
    let firm = Firm::on(Options { settings, ..options() }).await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    let wanted = |n: usize| {
        json!({
            "activity_type": "wanted", "description": "Something happened.",
                "category": "maintenance", "severity": "critical",
            "success": false, "details": { "number": n }, "tags": ["wanted"],
        })
    };
    fill(&ada, 60, wanted).await;
    let id = &ada.id;
    for n in 0..60 {
        let change = json!({ "department": format!("Number {n}") });
        boss.put(&ada.at("MY_COMPANY"), change).await.expect(200);
    }
    let exact: Vec<String> = [
        "activity_type=wanted",
        "category=maintenance",
        "severity=critical",
        "success=false",
        &format!("user_id={id}"),
        &format!("subject_id={id}"),
        "tag=wanted",
    ]
    .map(str::to_owned)
    .into();
    firm.app.indexed().await;
    let few = costs(&firm, &boss, &exact).await;
    assert!(few.iter().all(|one| one["found"] == 50), "{few:?}");
    fill(&boss, if options().dynamodb_endpoint.is_some() { 1000 } else { 6000 }, plain).await;
    for (before, after) in few.iter().zip(costs(&firm, &boss, &exact).await) {
        assert_eq!(after["found"], 50, "{after}");
        // A category's types are also looked for among the latest activities, whatever size these
        // are.
        let latest = if after["query"] == "category=maintenance" { 1.0 } else { 0.0 };
        let units = |one: &Value| one.number_of("cost/read_units");
        assert!(units(&after) <= units(before) + latest, "{before} {after}");
    }
    // What is looked for among everything examines a bounded part of it, and hands out a cursor.
    let scans =
        ["", "category=communication", "severity=low", "success=true", "tag=none", "hours=24"]
            .map(str::to_owned);
    costs(&firm, &boss, &scans).await;
}

#[tokio::test]
async fn statistics_cost_the_same_whatever_they_add_up() {
    let firm = Firm::new().await;
    let run = async || {
        firm.app.noted().await;
        let now = firm.app.get("/_local/clock").await.text_of("now");
        firm.app
            .post("/_local/schedule/aggregate_stats", json!({ "time": now }))
            .await
            .expect(200)
            .json()
    };
    let costs = async || {
        let root = firm.app.admin().await;
        let mut costs = Vec::new();
        for (path, route) in [
            (
                "/activity-stats?period_type=minute&organization=MY_COMPANY&limit=50",
                "/activity-stats",
            ),
            (
                "/activity-stats?period_type=hour&organization=MY_COMPANY&limit=50",
                "/activity-stats",
            ),
            ("/activity-stats/latest?organization=MY_COMPANY", "/activity-stats/latest"),
            ("/activities/summary?organization=MY_COMPANY", "/activities/summary"),
        ] {
            root.get(path).await.expect(200);
            let cost = firm.app.cost_of(&format!("GET /api/v1{route}")).await;
            // Whoever names another organization has its id looked up first.
            let budget =
                Budget { in_sequence: 4.0, read_units: 8.0 + 3.0, write_units: 0.0, argon2: 0.0 };
            assert_within(&cost, &budget);
            costs.push((path, cost));
        }
        costs
    };
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    firm.member("bob", "MY_COMPANY", &[]).await;
    fill(&ada, 25, plain).await;
    firm.app.noted().await;
    firm.app.advance(7200).await;
    run().await;
    let few = costs().await;
    let bob = firm.signed_in_at("bob", "MY_COMPANY").await;
    fill(&bob, if options().dynamodb_endpoint.is_some() { 500 } else { 2500 }, plain).await;
    firm.app.noted().await;
    firm.app.advance(7200).await;
    run().await;
    let path = "/activity-stats?period_type=hour&organization=MY_COMPANY&limit=10";
    let hours = firm.app.admin().await.get(path).await.expect(200).json();
    let total: u64 = hours.items().iter().map(|one| one.count_of("total_activities")).sum();
    assert!(total >= 500, "{total}");
    for (before, after) in few.iter().zip(costs().await) {
        let units = |one: &(&str, Value)| one.1.number_of("read_units");
        // One hour and one minute more that hold something.
        assert!(units(&after) <= units(before) + 1.0, "{before:?} {after:?}");
    }
}

#[tokio::test]
async fn the_feed_costs_the_same_whatever_else_the_table_holds() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let store = crate::contracts::store_of(&firm.app);
    let costs = async || {
        let mut costs = Vec::new();
        let page = boss.get("/activity-streams?limit=50").await.expect(200).json();
        assert_eq!(page.items().len(), 50);
        costs.push(firm.app.cost_of("GET /api/v1/activity-streams").await);
        let follow = format!("/activity-streams?limit=50&cursor={}", page.text_of("follow_cursor"));
        boss.get(&follow).await.expect(200);
        costs.push(firm.app.cost_of("GET /api/v1/activity-streams").await);
        let one = format!("/activity-streams/{}", page.text_of("items/0/id"));
        boss.get(&one).await.expect(200);
        costs.push(firm.app.cost_of("GET /api/v1/activity-streams/{id}").await);
        for cost in &costs {
            assert_within(
                cost,
                &Budget { in_sequence: 3.0, read_units: 8.0 + 3.0, write_units: 0.0, argon2: 0.0 },
            );
        }
        costs
    };
    let log = store.log_key("MY_COMPANY").await.unwrap();
    activity_stream::fill(&store, log.as_str(), 60).await;
    let few = costs().await;
    activity_stream::fill(
        &store,
        log.as_str(),
        if options().dynamodb_endpoint.is_some() { 500 } else { 3000 },
    )
    .await;
    let units =
        |costs: &[Value]| costs.iter().map(|cost| cost.number_of("read_units")).collect::<Vec<_>>();
    let (before, after) = (units(&few), units(&costs().await));
    assert!(
        before.iter().zip(&after).all(|(before, after)| *after <= before + 0.5),
        "{before:?} {after:?}"
    );
}
