//! Failed sign-ins: waiting, locking, unlocking, and what does not stop an owner.

use serde_json::json;

use crate::support::{OTHER_PASSWORD, PASSWORD, TestApp, at_once, person, token_of};

const UNLOCK: &str = "/auth/unlock";

/// Twenty failures from four networks: the account is locked to unknown devices.
async fn lock(app: &TestApp) {
    for n in 0..20 {
        app.sign_in_from(&format!("127.0.0.{}", 10 + n / 5), "ada", OTHER_PASSWORD)
            .await
            .expect(401);
    }
}

#[tokio::test]
async fn a_network_waits_longer_with_each_failure_and_another_one_does_not() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    for _ in 0..5 {
        app.sign_in_with("ada", OTHER_PASSWORD).await.expect(401);
    }
    let mut waits = Vec::new();
    for _ in 0..4 {
        // Even the right password waits, and nothing is hashed for it.
        let response = app.sign_in("ada").await.expect_problem(429, "too_many_requests");
        assert_eq!(app.cost_of("POST /api/v1/auth/token").await["argon2"], 0.0);
        let wait: u32 = response.header("retry-after").parse().unwrap();
        waits.push(wait);
        app.advance(wait).await;
        app.sign_in_with("ada", OTHER_PASSWORD).await.expect(401);
    }
    // Real time goes by between a failure and the next try, so a wait may be told a little shorter.
    assert!(
        waits.iter().zip([5, 10, 20, 40]).all(|(wait, bound)| *wait <= bound + 1)
            && waits.is_sorted(),
        "{waits:?}"
    );
    assert!(waits[3] > 20, "{waits:?}");
    app.sign_in_from("127.0.0.2", "ada", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn signing_in_makes_failures_forgotten_and_says_so() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    for _ in 0..4 {
        app.sign_in_with("ada", OTHER_PASSWORD).await.expect(401);
    }
    app.sign_in("ada").await.expect(200);
    for _ in 0..5 {
        app.sign_in_with("ada", OTHER_PASSWORD).await.expect(401);
    }
    app.activities("authn_login_successafterfail", 1).await;
    app.activities("authn_login_fail", 9).await;
    // What strangers did is nothing that this one failed at before.
    app.sign_in_from("127.0.0.9", "ada", PASSWORD).await.expect(200);
    app.activities("authn_login_success", 1).await;
}

#[tokio::test]
async fn strangers_lock_an_account_for_a_while_but_not_the_device_that_signed_in_before() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    lock(&app).await;
    // A stranger with the right password cannot tell a lock from a wrong one.
    let locked = app
        .sign_in_from("127.0.0.99", "ada", PASSWORD)
        .await
        .expect_problem(401, "invalid_credentials");
    let wrong = app.sign_in_from("127.0.0.98", "ada", OTHER_PASSWORD).await.expect(401);
    assert_eq!(locked.seen(), wrong.seen());
    // The living session goes on, and the device signs in from wherever it is.
    ada.get("/me").await.expect(200);
    let next = ada.refreshed().await;
    let known = json!({ "email": "ada@example.com", "password": PASSWORD, "device": next.device });
    app.post("/auth/token", &known).sent_from("127.0.0.97").await.expect(200);
    let lock = &app.activities("authn_login_lock", 1).await[0];
    assert_eq!(
        (&lock["severity"]["S"], &lock["subject_id"]["S"]),
        (&json!("high"), &json!(ada.id))
    );
}

#[tokio::test]
async fn who_signs_in_takes_back_nobody_elses_failures() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    for _ in 0..5 {
        app.sign_in_from("127.0.0.5", "ada", OTHER_PASSWORD).await.expect(401);
    }
    app.sign_in_from("127.0.0.5", "ada", OTHER_PASSWORD).await.expect(429);
    app.sign_in("ada").await.expect(200);
    // A wait that is gone would tell that the owner just came in.
    app.sign_in_from("127.0.0.5", "ada", OTHER_PASSWORD).await.expect(429);
    for n in 0..15 {
        app.sign_in_from(&format!("127.0.0.{}", 10 + n / 5), "ada", OTHER_PASSWORD)
            .await
            .expect(401);
    }
    let known = json!({ "email": "ada@example.com", "password": PASSWORD, "device": ada.device });
    app.post("/auth/token", &known).sent_from("127.0.0.97").await.expect(200);
    app.sign_in_from("127.0.0.99", "ada", PASSWORD).await.expect(401);
}

#[tokio::test]
async fn an_address_is_not_locked_before_it_has_an_owner() {
    for mode in ["open", "verified"] {
        let app = TestApp::with_registration(mode).await;
        lock(&app).await;
        app.sign_in_from("127.0.0.99", "ada", PASSWORD).await.expect(401);
        app.signed_in("ada").await;
        app.sign_in_from("127.0.0.99", "ada", PASSWORD).await.expect(200);
    }
}

#[tokio::test]
async fn a_lock_ends_by_itself() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    lock(&app).await;
    app.sign_in_from("127.0.0.99", "ada", PASSWORD).await.expect(401);
    app.advance(15 * 60).await;
    app.sign_in_from("127.0.0.99", "ada", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_owner_gets_one_mail_whose_link_ends_the_lock_once() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    lock(&app).await;
    let mail = &app.mails("ada@example.com", 1).await[0];
    assert_eq!(mail["subject"], "Your account at Rolecall is locked for a while");
    let token = token_of(mail);
    app.note(&token);
    app.sign_in_from("127.0.0.99", "ada", PASSWORD).await.expect(401);
    app.post(UNLOCK, json!({ "token": token })).await.expect(204);
    app.sign_in_from("127.0.0.99", "ada", PASSWORD).await.expect(200);
    app.post(UNLOCK, json!({ "token": token })).await.expect_problem(400, "invalid_token");
    app.activities("authn_login_unlock", 1).await;
}

#[tokio::test]
async fn an_address_without_an_account_locks_the_same_way_and_nobody_gets_mail() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    let mut costs = Vec::new();
    for name in ["nobody", "ada"] {
        for n in 0..20 {
            app.sign_in_from(&format!("127.0.0.{}", 10 + n / 5), name, OTHER_PASSWORD)
                .await
                .expect(401);
        }
        costs.push(app.cost_of("POST /api/v1/auth/token").await);
    }
    assert_eq!(costs[0], costs[1], "the failure that locks costs the same");
    app.mails("ada@example.com", 1).await;
    assert_eq!(app.all_mails().await.len(), 1);
}

#[tokio::test]
async fn a_device_value_is_good_for_its_own_account_until_the_password_changes() {
    let app = TestApp::open().await;
    let (ada, eve) = (app.signed_in("ada").await, app.signed_in("eve").await);
    lock(&app).await;
    let device = &ada.device;
    // One character of the session's id.
    let altered = format!(
        "{}{}{}",
        &device[..30],
        if device[30..].starts_with('A') { 'B' } else { 'A' },
        &device[31..]
    );
    for forged in [eve.device.as_str(), &altered, &ada.refresh, "rcd_x"] {
        let body = json!({ "email": "ada@example.com", "password": PASSWORD, "device": forged });
        app.post("/auth/token", body).sent_from("127.0.0.99").await.expect(401);
        app.advance(1).await;
    }
    app.get("/me").bearer(device).await.expect(401);
    app.refresh(&ada.device).await.expect(401);
    let change = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ada.post("/auth/password-change", &change).await.expect(204);
    let old = json!({ "email": "ada@example.com", "password": OTHER_PASSWORD, "device": device });
    app.post("/auth/token", &old)
        .sent_from("127.0.0.96")
        .await
        .expect_problem(401, "invalid_credentials");
    let new = ada.refreshed().await;
    let known =
        json!({ "email": "ada@example.com", "password": OTHER_PASSWORD, "device": new.device });
    app.post("/auth/token", &known).sent_from("127.0.0.95").await.expect(200);
}

#[tokio::test]
async fn a_flood_of_guesses_at_once_counts_as_if_they_came_one_by_one() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    let body = json!({ "email": "ada@example.com", "password": OTHER_PASSWORD });
    let responses = at_once((0..60).map(|_| app.post("/auth/token", &body))).await;
    let told: usize = responses.iter().filter(|response| response.status == 401).count();
    // An answer of a deployed stack may be lost between it and DynamoDB, and is not given again.
    let least = if app.is_deployed() { 1 } else { 5 };
    let as_one_by_one = "no more guesses than one by one learn that they were wrong";
    assert!((least..=5).contains(&told), "{told}: {as_one_by_one}");
    assert!(responses.iter().all(|response| [401, 429].contains(&response.status)));
}

#[tokio::test]
async fn a_network_over_its_limit_is_turned_away_with_a_time_to_come_back_and_recorded_once() {
    let app = TestApp::with_settings(&[
        ("ROLECALL_NETWORK_FAILURES", "3"),
        ("ROLECALL_NETWORK_SIGNUPS", "2"),
    ])
    .await;
    let ada = app.signed_in("ada").await;
    // At the beginning of a minute, so that the next one does not begin in between.
    let now = app.get("/_local/clock").await.text_of("now");
    app.advance(61 - now[17..19].parse::<u32>().unwrap()).await;
    for n in 0..3 {
        app.sign_in_with(&format!("nobody{n}"), PASSWORD).await.expect(401);
    }
    for n in 3..6 {
        let response = app
            .sign_in_with(&format!("nobody{n}"), PASSWORD)
            .await
            .expect_problem(429, "too_many_requests");
        let wait: u32 = response.header("retry-after").parse().unwrap();
        assert!((1..=61).contains(&wait), "{wait}");
    }
    // Each route has a limit of its own, and what is ours passes whatever others do in its network.
    for (path, body, status) in [
        ("/auth/verify-email", json!({ "token": "x" }), 400),
        ("/auth/token/refresh", json!({ "refresh": "x" }), 401),
    ] {
        for _ in 0..3 {
            app.post(path, &body).await.expect(status);
        }
        let response = app.post(path, &body).await.expect_problem(429, "too_many_requests");
        assert!(response.header("retry-after").parse::<u32>().unwrap() >= 1);
    }
    let next = ada.refreshed().await;
    let known = json!({ "email": "ada@example.com", "password": PASSWORD, "device": next.device });
    app.post("/auth/token", &known).await.expect(200);
    app.sign_in("ada").await.expect(429);
    let from_elsewhere = json!({ "email": "nobody@example.com", "password": PASSWORD });
    app.post("/auth/token", &from_elsewhere).sent_from("127.0.0.2").await.expect(401);
    app.activities("excess_rate_limit_exceeded", 3).await;
    app.advance(60).await;
    app.sign_in_with("nobody9", PASSWORD).await.expect(401);
    let mut statuses = Vec::new();
    for n in 0..4 {
        statuses.push(app.post("/auth/register", person(&format!("user{n}"))).await.status);
    }
    assert_eq!((statuses[0], statuses[1], statuses[3]), (201, 201, 429), "{statuses:?}");
}
