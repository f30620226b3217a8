use serde_json::{Value, json};

use crate::support::{Json, OTHER_PASSWORD, PASSWORD, TestApp, at_once, person};

const ASK: &str = "/auth/email-change";
const CONFIRM: &str = "/auth/email-change/confirm";

fn to(email: &str) -> Value {
    json!({ "new_email": email, "current_password": PASSWORD })
}

async fn sign_in_as(app: &TestApp, email: &str) -> u16 {
    app.post("/auth/token", json!({ "email": email, "password": PASSWORD })).await.status
}

#[tokio::test]
async fn the_new_address_is_proven_and_the_old_one_is_told_twice() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let response = ada.post(ASK, to("countess@example.com")).await.expect(202);
    assert_eq!(response.text, r#"{"status":"verification_sent"}"#);
    let notice = &app.mails("ada@example.com", 1).await[0];
    assert_eq!(notice["subject"], "Request to change your email address at Rolecall");
    assert!(notice.text_of("text").contains("countess@example.com"), "{notice}");
    let token = app.mailed_token("countess@example.com", 1).await;
    assert_eq!(ada.get("/me").await.json()["email"], "ada@example.com", "nothing changed yet");
    for wrong in [json!({ "token": token }), json!({ "token": token, "password": OTHER_PASSWORD })]
    {
        app.post(CONFIRM, wrong).await.expect_problem(401, "invalid_credentials");
    }
    let eve = app.signed_in("eve").await;
    let click = json!({ "token": token });
    eve.post(CONFIRM, &click).await.expect_problem(401, "invalid_credentials");
    assert_eq!(ada.get("/me").await.json()["email"], "ada@example.com", "a click moves nothing");
    ada.post(CONFIRM, &click).await.expect(204);
    ada.post(CONFIRM, &click).await.expect_problem(400, "invalid_token");
    let me = ada.get("/me").await.expect(200).json();
    assert_eq!(
        (&me["email"], &me["email_verified"]),
        (&json!("countess@example.com"), &json!(true))
    );
    assert_eq!(
        (sign_in_as(&app, "countess@example.com").await, sign_in_as(&app, "ada@example.com").await),
        (200, 401)
    );
    assert_eq!(
        app.mails("ada@example.com", 2).await[0]["subject"],
        "Your email address at Rolecall was changed"
    );
    app.activities("user_email_change_request", 1).await;
    let changed = &app.activities("user_email_change", 1).await[0];
    assert_eq!(
        changed["details"]["S"],
        r#"{"after":"countess@example.com","before":"ada@example.com"}"#
    );
    // A profile change still finds both copies.
    ada.patch("/me", json!({ "first_name": "Ada" })).await.expect(200);
}

#[tokio::test]
async fn a_taken_address_gets_the_same_answer_and_its_owner_a_notice() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    app.post("/auth/register", person("grace")).await.expect(201);
    let taken = ada.post(ASK, to("grace@example.com")).await.expect(202);
    let free = ada.post(ASK, to("countess@example.com")).await.expect(202);
    assert_eq!(taken.seen(), free.seen());
    let mail = &app.mails("grace@example.com", 1).await[0];
    assert_eq!(mail["subject"], "You already have an account at Rolecall");
    assert!(!mail.to_string().contains("token="));
}

#[tokio::test]
async fn an_address_that_is_taken_meanwhile_refuses_the_link() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    ada.post(ASK, to("countess@example.com")).await.expect(202);
    let token = app.mailed_token("countess@example.com", 1).await;
    let other =
        json!({ "username": "other", "email": "countess@example.com", "password": PASSWORD });
    app.post("/auth/register", &other).await.expect(201);
    app.post(CONFIRM, json!({ "token": token, "password": PASSWORD }))
        .await
        .expect_problem(400, "invalid_token");
    assert_eq!(ada.get("/me").await.json()["email"], "ada@example.com");
}

#[tokio::test]
async fn of_many_that_want_one_address_at_once_one_gets_it() {
    let app = TestApp::open().await;
    let mut tokens = Vec::new();
    for (n, name) in ["ada", "bea", "cleo", "dora"].iter().enumerate() {
        let who = app.signed_in(name).await;
        who.post(ASK, to("one@example.com")).await.expect(202);
        tokens.push(app.mailed_token("one@example.com", n + 1).await);
    }
    let bodies: Vec<Value> =
        tokens.iter().map(|token| json!({ "token": token, "password": PASSWORD })).collect();
    let responses = at_once(bodies.iter().map(|body| app.post(CONFIRM, body))).await;
    let mut statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 400, 400, 400]);
    let mut signed_in = Vec::new();
    for name in ["one", "ada", "bea", "cleo", "dora"] {
        signed_in.push(sign_in_as(&app, &format!("{name}@example.com")).await);
    }
    assert_eq!(
        (signed_in.remove(0), signed_in.iter().filter(|status| **status == 200).count()),
        (200, 3)
    );
}

#[tokio::test]
async fn the_old_mailbox_loses_its_power_with_the_address() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let reset = app.reset_token("ada", 1).await;
    ada.post(ASK, to("countess@example.com")).await.expect(202);
    let token = app.mailed_token("countess@example.com", 1).await;
    app.post(CONFIRM, json!({ "token": token, "password": PASSWORD })).await.expect(204);
    let body = json!({ "token": reset, "new_password": OTHER_PASSWORD });
    app.post("/auth/password-reset/confirm", &body).await.expect_problem(400, "invalid_token");
}

#[tokio::test]
async fn signing_all_devices_out_takes_a_thiefs_link_away() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    ada.post(ASK, to("thief@example.com")).await.expect(202);
    let token = app.mailed_token("thief@example.com", 1).await;
    ada.delete("/user-sessions?scope=others").await.expect(204);
    app.post(CONFIRM, json!({ "token": token, "password": PASSWORD }))
        .await
        .expect_problem(400, "invalid_token");
}

#[tokio::test]
async fn it_takes_the_password_another_address_and_at_most_three_mails_an_hour() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let wrong = json!({ "new_email": "countess@example.com", "current_password": OTHER_PASSWORD });
    assert_eq!(
        ada.post(ASK, &wrong).await.expect(422).wrong_fields(),
        ["current_password: wrong_password"]
    );
    let same = ada.post(ASK, to("ADA@example.com")).await.expect(422);
    assert_eq!(same.wrong_fields(), ["new_email: unchanged"]);
    for n in 0..3 {
        ada.post(ASK, to(&format!("new{n}@example.com"))).await.expect(202);
    }
    ada.post(ASK, to("new4@example.com")).await.expect_problem(429, "too_many_requests");
    let (first, last) = (
        app.mailed_token("new0@example.com", 1).await,
        app.mailed_token("new2@example.com", 1).await,
    );
    app.post(CONFIRM, json!({ "token": first })).await.expect_problem(400, "invalid_token");
    app.advance(24 * 3600 + 1).await;
    app.post(CONFIRM, json!({ "token": last })).await.expect_problem(400, "invalid_token");
}
