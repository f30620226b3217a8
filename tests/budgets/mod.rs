//! What each operation may cost (`budgets.md`), counted by the program; `binary` measures what is deployed.

mod binary;

use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, person};

/// Bounds of one operation; Argon2 runs are exact.
struct Budget {
    in_sequence: f64,
    read_units: f64,
    write_units: f64,
    argon2: f64,
}

#[track_caller]
fn assert_within(cost: &Value, budget: &Budget) {
    for (name, bound) in
        [("in_sequence", budget.in_sequence), ("read_units", budget.read_units), ("write_units", budget.write_units)]
    {
        assert!(cost[name].as_f64().unwrap() <= bound, "{name} over {bound}: {cost}");
    }
    assert_eq!(cost["argon2"].as_f64().unwrap(), budget.argon2, "{cost}");
}

const TOKEN: &str = "POST /api/v1/auth/token";
const REFRESH: &str = "POST /api/v1/auth/token/refresh";

#[tokio::test]
async fn the_gate_is_one_round_trip_that_writes_nothing_within_a_minute() {
    let app = TestApp::open().await;
    let pair = app.signed_in("ada").await;
    app.me(&pair["access"]).await.expect(200);
    app.me(&pair["access"]).await.expect(200);
    assert_within(
        &app.cost_of("GET /api/v1/me").await,
        &Budget { in_sequence: 1.0, read_units: 3.0, write_units: 0.0, argon2: 0.0 },
    );
}

#[tokio::test]
async fn token_accepted_or_refused_stays_within_its_budget() {
    let app = TestApp::open().await;
    app.signed_in("ada").await;
    assert_within(&app.cost_of(TOKEN).await, &Budget { in_sequence: 2.0, read_units: 3.0, write_units: 3.0, argon2: 1.0 });
    for email in ["ada@example.com", "nobody@example.com"] {
        app.post("/api/v1/auth/token", &json!({ "email": email, "password": format!("{PASSWORD}x") })).await.expect(401);
        assert_within(&app.cost_of(TOKEN).await, &Budget { in_sequence: 2.0, read_units: 2.0, write_units: 2.0, argon2: 1.0 });
    }
}

#[tokio::test]
async fn refresh_is_one_round_trip_and_revoke_one_write() {
    let app = TestApp::open().await;
    let pair = app.signed_in("ada").await;
    let budget = Budget { in_sequence: 1.0, read_units: 3.0, write_units: 2.0, argon2: 0.0 };
    for _ in 0..2 {
        // The second one is the lost answer: the same successor, without a second look.
        app.refresh(&pair["refresh"]).await.expect(200);
        assert_within(&app.cost_of(REFRESH).await, &budget);
    }
    app.post("/api/v1/auth/token/revoke", &json!({ "refresh": pair["refresh"] })).await.expect(204);
    let cost = app.cost_of("POST /api/v1/auth/token/revoke").await;
    assert_within(&cost, &Budget { in_sequence: 1.0, read_units: 0.0, write_units: 2.0, argon2: 0.0 });
}

#[tokio::test]
async fn register_is_one_transaction_in_both_modes() {
    let budget = Budget { in_sequence: 1.0, read_units: 0.0, write_units: 12.0, argon2: 1.0 };
    for (mode, status) in [("verified", 202), ("open", 201)] {
        let app = TestApp::with_registration(mode).await;
        let mut body = person("ada");
        body["first_name"] = json!("Augusta Ada King");
        body["last_name"] = json!("Countess of Lovelace");
        let request = app.request(reqwest::Method::POST, "/api/v1/auth/register").header("Idempotency-Key", "k").json(&body);
        app.send(request).await.expect(status);
        let cost = app.cost_of("POST /api/v1/auth/register").await;
        assert_within(&cost, &budget);
        assert_eq!(cost["dynamodb_calls"], 1.0, "{mode}");
    }
}

#[tokio::test]
async fn a_hundred_times_the_users_cost_the_same() {
    let app = TestApp::open().await;
    let costs = async |name: &str| {
        let pair = app.signed_in(name).await;
        app.refresh(&pair["refresh"]).await.expect(200);
        app.me(&pair["access"]).await.expect(200);
        [app.cost_of(TOKEN).await, app.cost_of(REFRESH).await, app.cost_of("GET /api/v1/me").await]
    };
    let few = costs("ada").await;
    let store = crate::contracts::store_of(&app);
    crate::contracts::fill(&store, 100).await;
    assert_eq!(few, costs("grace").await);
}
