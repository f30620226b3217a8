//! What each operation may cost (`docs/budgets.md`), counted by the program; `binary` measures what
//! is deployed.

mod activities;
mod binary;
mod people;
mod prices;
mod rights;

use serde_json::{Value, json};

use crate::support::{Firm, Json, OTHER_PASSWORD, PASSWORD, TestApp, person};

/// Bounds of one operation; Argon2 runs are exact.
struct Budget {
    in_sequence: f64,
    read_units: f64,
    write_units: f64,
    argon2: f64,
}

#[track_caller]
fn assert_within(cost: &Value, budget: &Budget) {
    for (name, bound) in [
        ("in_sequence", budget.in_sequence),
        ("read_units", budget.read_units),
        ("write_units", budget.write_units),
    ] {
        assert!(cost.number_of(name) <= bound, "{name} over {bound}: {cost}");
    }
    assert_eq!(cost.number_of("argon2"), budget.argon2, "{cost}");
}

const TOKEN: &str = "POST /api/v1/auth/token";
const REFRESH: &str = "POST /api/v1/auth/token/refresh";
const ASK: &str = "POST /api/v1/auth/password-reset";
const CONFIRM: &str = "POST /api/v1/auth/password-reset/confirm";
const BROWSER: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
    Gecko) Chrome/131.0.0.0 Safari/537.36";

#[tokio::test]
async fn the_gate_is_one_round_trip_that_writes_nothing_within_a_minute() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    ada.get("/me").await.expect(200);
    ada.get("/me").await.expect(200);
    assert_within(
        &app.cost_of("GET /api/v1/me").await,
        &Budget { in_sequence: 1.0, read_units: 3.0, write_units: 0.0, argon2: 0.0 },
    );
}

/// Tries to sign in as a browser does: its `User-Agent` is stored twice.
async fn sign_in(app: &TestApp, name: &str, password: &str) -> u16 {
    app.sign_in_with(name, password).header("User-Agent", BROWSER).await.status
}

#[tokio::test]
async fn token_accepted_or_refused_stays_within_its_budget() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    let (accepted, refused) = (
        Budget { in_sequence: 2.0, read_units: 3.0, write_units: 3.0, argon2: 1.0 },
        Budget { in_sequence: 2.0, read_units: 2.0, write_units: 2.0, argon2: 1.0 },
    );
    assert_eq!(sign_in(&app, "ada", PASSWORD).await, 200);
    assert_within(&app.cost_of(TOKEN).await, &accepted);
    for name in ["ada", "nobody"] {
        for _ in 0..5 {
            assert_eq!(sign_in(&app, name, OTHER_PASSWORD).await, 401);
            assert_within(&app.cost_of(TOKEN).await, &refused);
        }
        assert_eq!(sign_in(&app, name, OTHER_PASSWORD).await, 429);
        let waiting = Budget { in_sequence: 1.0, read_units: 1.0, write_units: 0.0, argon2: 0.0 };
        assert_within(&app.cost_of(TOKEN).await, &waiting);
        app.advance(6).await;
    }
    assert_eq!(sign_in(&app, "ada", PASSWORD).await, 200);
    assert_within(&app.cost_of(TOKEN).await, &accepted);
}

#[tokio::test]
async fn the_failure_that_locks_an_account_costs_what_every_other_costs() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    for n in 0..20 {
        let from = format!("127.0.0.{}", 10 + n % 8);
        app.sign_in_from(&from, "ada", OTHER_PASSWORD)
            .header("User-Agent", BROWSER)
            .await
            .expect(401);
        assert_within(
            &app.cost_of(TOKEN).await,
            &Budget { in_sequence: 2.0, read_units: 2.0, write_units: 2.0, argon2: 1.0 },
        );
    }
    app.mails("ada@example.com", 1).await;
}

#[tokio::test]
async fn asking_for_a_reset_and_confirming_it_stay_within_their_budgets() {
    let app = TestApp::new().await;
    app.signed_in("ada").await;
    for name in ["nobody", "ada"] {
        app.post("/auth/password-reset", json!({ "email": format!("{name}@example.com") }))
            .await
            .expect(202);
        assert_within(
            &app.cost_of(ASK).await,
            &Budget { in_sequence: 2.0, read_units: 2.0, write_units: 4.0, argon2: 0.0 },
        );
    }
    let token = app.mailed_token("ada@example.com", 2).await;
    app.post(
        "/auth/password-reset/confirm",
        json!({ "token": token, "new_password": OTHER_PASSWORD }),
    )
    .header("User-Agent", BROWSER)
    .await
    .expect(204);
    assert_within(
        &app.cost_of(CONFIRM).await,
        &Budget { in_sequence: 2.0, read_units: 2.0, write_units: 8.0, argon2: 1.0 },
    );
}

#[tokio::test]
async fn lists_of_sessions_and_people_cost_one_look_beside_the_gate() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &[]).await;
    firm.member("eve", "MY_COMPANY", &[]).await;
    // The gate's, two windows of four shards, and two people with a session each.
    let active = (4.0 + 8.0 * 0.5 + 4.0, 3.0);
    for (path, (read_units, in_sequence)) in
        [("/user-sessions", (5.0, 2.0)), ("/active-users", active)]
    {
        // The first one may read the catalogue.
        ada.get(path).await.expect(200);
        ada.get(path).await.expect(200);
        let budget = Budget { in_sequence, read_units, write_units: 0.0, argon2: 0.0 };
        assert_within(&firm.app.cost_of(&format!("GET /api/v1{path}")).await, &budget);
    }
}

#[tokio::test]
async fn refresh_is_one_round_trip_and_revoke_one_write() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let budget = Budget { in_sequence: 1.0, read_units: 3.0, write_units: 2.0, argon2: 0.0 };
    let pair = app.refresh(&ada.refresh).await.expect(200);
    assert_within(&app.cost_of(REFRESH).await, &budget);
    for is_used in [false, true] {
        // A lost answer, then another tab: the same successor, without a second look.
        if is_used {
            app.get("/me").bearer(&pair.text_of("access")).await.expect(200);
        }
        app.refresh(&ada.refresh).await.expect(200);
        assert_within(&app.cost_of(REFRESH).await, &budget);
    }
    app.post("/auth/token/revoke", json!({ "refresh": ada.refresh })).await.expect(204);
    let cost = app.cost_of("POST /api/v1/auth/token/revoke").await;
    assert_within(
        &cost,
        &Budget { in_sequence: 1.0, read_units: 0.0, write_units: 2.0, argon2: 0.0 },
    );
}

#[tokio::test]
async fn register_is_one_transaction_in_both_modes() {
    let budget = Budget { in_sequence: 1.0, read_units: 0.0, write_units: 12.0, argon2: 1.0 };
    for (mode, status) in [("verified", 202), ("open", 201)] {
        let app = TestApp::with_registration(mode).await;
        let mut body = person("ada");
        body["first_name"] = json!("Augusta Ada King");
        body["last_name"] = json!("Countess of Lovelace");
        app.post("/auth/register", &body).header("Idempotency-Key", "k").await.expect(status);
        let cost = app.cost_of("POST /api/v1/auth/register").await;
        assert_within(&cost, &budget);
        // The transaction, and beside it the count of what this network signs up.
        assert_eq!(cost["dynamodb_calls"], 2.0, "{mode}");
    }
}

#[tokio::test]
async fn a_hundred_times_the_users_cost_the_same() {
    let app = TestApp::open().await;
    let costs = async |name: &str| {
        let who = app.signed_in(name).await;
        app.refresh(&who.refresh).await.expect(200);
        who.get("/me").await.expect(200);
        who.get("/user-sessions").await.expect(200);
        app.reset_token(name, 1).await;
        let routes = [TOKEN, REFRESH, "GET /api/v1/me", "GET /api/v1/user-sessions", ASK];
        futures::future::join_all(routes.map(|route| app.cost_of(route))).await
    };
    let few = costs("ada").await;
    let store = crate::contracts::store_of(&app);
    crate::contracts::fill(&store, 100).await;
    assert_eq!(few, costs("grace").await);
}
