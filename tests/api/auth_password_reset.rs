use serde_json::json;

use crate::support::{OTHER_PASSWORD, PASSWORD, TestApp, person};

const RESET: &str = "/auth/password-reset";
const VERIFY: &str = "/auth/password-reset/verify";
const CONFIRM: &str = "/auth/password-reset/confirm";

#[tokio::test]
async fn a_mailed_link_sets_a_new_password_once_and_the_owner_is_told() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    let response = app.post(RESET, json!({ "email": "Ada@Example.com" })).await.expect(202);
    assert_eq!(response.text, r#"{"status":"reset_sent"}"#);
    let mail = &app.mails("ada@example.com", 1).await[0];
    assert_eq!(mail["subject"], "Choose a new password for Rolecall");
    let token = app.mailed_token("ada@example.com", 1).await;
    app.post(VERIFY, json!({ "token": token })).await.expect(204);
    app.post(CONFIRM, json!({ "token": token, "new_password": OTHER_PASSWORD })).await.expect(204);
    app.post(VERIFY, json!({ "token": token })).await.expect_problem(400, "invalid_token");
    app.post(CONFIRM, json!({ "token": token, "new_password": PASSWORD }))
        .await
        .expect_problem(400, "invalid_token");
    assert_eq!(
        app.mails("ada@example.com", 2).await[0]["subject"],
        "Your password at Rolecall was changed"
    );
    app.sign_in("ada").await.expect(401);
    app.sign_in_with("ada", OTHER_PASSWORD).await.expect(200);
    let asked = &app.activities("authn_password_reset_request", 1).await[0];
    let changed = &app.activities("authn_password_change", 1).await[0];
    assert_eq!(asked["subject_id"], changed["subject_id"]);
    assert_eq!((&asked["user_id"], &changed["user_id"]), (&json!(null), &changed["subject_id"]));
    assert_eq!(changed["details"]["S"], r#"{"by":"reset"}"#);
}

#[tokio::test]
async fn a_password_that_the_policy_refuses_does_not_use_the_token_up() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    let token = app.reset_token("ada", 1).await;
    for (password, code) in [
        ("short", "password_too_short"),
        ("Password123!", "password_too_common"),
        ("ada@example.com", "password_too_similar"),
    ] {
        let refused = app.post(CONFIRM, json!({ "token": token, "new_password": password })).await;
        assert_eq!(refused.expect(422).wrong_fields(), [format!("new_password: {code}")]);
    }
    app.post(CONFIRM, json!({ "token": token, "new_password": OTHER_PASSWORD })).await.expect(204);
}

#[tokio::test]
async fn a_reset_lets_an_owner_in_whom_strangers_locked_out() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    for n in 0..20 {
        app.sign_in_from(&format!("127.0.0.{}", 10 + n / 5), "ada", OTHER_PASSWORD)
            .await
            .expect(401);
    }
    app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
    app.mails("ada@example.com", 1).await;
    let token = app.reset_token("ada", 2).await;
    app.post(CONFIRM, json!({ "token": token, "new_password": "granite-harbour-violin-7" }))
        .await
        .expect(204);
    app.sign_in_with("ada", "granite-harbour-violin-7").await.expect(200);
}

#[tokio::test]
async fn a_token_that_names_nobody_is_refused_like_any_other() {
    let app = TestApp::open().await;
    let long = "A".repeat(64);
    for token in ["", "x", long.as_str(), "\u{e9}", &"A".repeat(5000)] {
        app.post(VERIFY, json!({ "token": token })).await.expect_problem(400, "invalid_token");
        app.post(CONFIRM, json!({ "token": token, "new_password": OTHER_PASSWORD }))
            .await
            .expect_problem(400, "invalid_token");
    }
    app.expect_cost("POST /api/v1/auth/password-reset/confirm", "argon2", 0.0).await;
}
