use serde_json::{Value, json};

use crate::support::{Call, Json, OTHER_PASSWORD, PASSWORD, TestApp, at_once, person, token_of};

const PATH: &str = "/auth/verify-email";
const RESEND: &str = "/auth/verify-email/resend";
const THIRD_PASSWORD: &str = "quiet-orchard-ribbon-33";

/// Signs `ada@example.com` up from an address, under a name; the verifier.
async fn sign_up(app: &TestApp, from: &str, username: &str, password: &str) -> String {
    let body = json!({ "username": username, "email": "ada@example.com", "password": password });
    let response = app.post("/auth/register", body).sent_from(from).await.expect(202);
    response.text_of("verifier")
}

fn with(app: &TestApp, token: &str, more: Value) -> Call {
    app.post(PATH, json!({ "token": token }).with(more))
}

#[tokio::test]
async fn the_password_of_the_sign_up_or_its_verifier_finishes_it() {
    for by_verifier in [false, true] {
        let app = TestApp::new().await;
        let verifier = sign_up(&app, "127.0.0.1", "ada", PASSWORD).await;
        app.note(&verifier);
        let token = app.mailed_token("ada@example.com", 1).await;
        let proof = if by_verifier {
            json!({ "verifier": verifier })
        } else {
            json!({ "password": PASSWORD })
        };
        with(&app, &token, proof).await.expect(204);
        let argon2 = if by_verifier { 0.0 } else { 1.0 };
        app.expect_cost("POST /api/v1/auth/verify-email", "argon2", argon2).await;
        let ada = app.sign_in("ada").actor().await;
        assert_eq!(ada.pair["user"]["email_verified"], json!(true));
        app.activities("user_created", 1).await;
    }
}

#[tokio::test]
async fn attack_70_a_click_alone_brings_in_nobodys_password_and_the_link_stays() {
    let app = TestApp::new().await;
    let verifier = sign_up(&app, "127.0.0.2", "mallory", OTHER_PASSWORD).await;
    let token = app.mailed_token("ada@example.com", 1).await;
    for proof in [
        json!({}),
        json!({ "password": PASSWORD }),
        json!({ "verifier": "rcv_x" }),
        json!({ "verifier": verifier[4..] }),
        json!({ "username": "ada" }),
    ] {
        with(&app, &token, proof).await.expect_problem(401, "invalid_credentials");
    }
    for password in [PASSWORD, OTHER_PASSWORD] {
        app.sign_in_from("127.0.0.9", "ada", password).await.expect(401);
    }
    app.activities("user_email_verification_fail", 5).await;
    with(&app, &token, json!({ "password": PASSWORD }))
        .await
        .expect_problem(429, "too_many_requests");
    with(&app, &token, json!({ "password": OTHER_PASSWORD }))
        .sent_from("127.0.0.2")
        .await
        .expect(204);
}

#[tokio::test]
async fn each_password_of_a_waiting_sign_up_works_with_each_link_and_then_no_other() {
    let app = TestApp::new().await;
    sign_up(&app, "127.0.0.1", "ada", PASSWORD).await;
    let first = app.mailed_token("ada@example.com", 1).await;
    // The same person again, in the same place: what was chosen last counts.
    sign_up(&app, "127.0.0.1", "ada", OTHER_PASSWORD).await;
    let second = app.mailed_token("ada@example.com", 2).await;
    sign_up(&app, "127.0.0.2", "mallory", THIRD_PASSWORD).await;
    with(&app, &first, json!({ "password": PASSWORD })).await.expect(401);
    with(&app, &first, json!({ "password": OTHER_PASSWORD })).await.expect(204);
    app.sign_in_with("ada", OTHER_PASSWORD).await.expect(200);
    for proof in [
        json!({ "password": OTHER_PASSWORD }),
        json!({ "password": THIRD_PASSWORD }),
        json!({ "username": "eve", "new_password": THIRD_PASSWORD }),
        json!({}),
    ] {
        with(&app, &second, proof).await.expect_problem(400, "invalid_token");
    }
}

#[tokio::test]
async fn five_networks_wait_and_a_sixth_takes_the_oldest_ones_place() {
    let app = TestApp::new().await;
    let password = |n: usize| format!("{n}{n}{n}-anchor-mosaic-harbour");
    for n in 0..6 {
        sign_up(&app, &format!("127.0.0.{}", n + 2), &format!("ada{n}"), &password(n)).await;
        // Newer and older are told apart by milliseconds.
        app.advance(1).await;
    }
    let token = app.mailed_token("ada@example.com", 6).await;
    let tried = async |n: usize| {
        let call = with(&app, &token, json!({ "password": password(n) }));
        let response = call.sent_from(&format!("127.0.0.{}", n + 20)).await;
        let hashes = app.cost_of("POST /api/v1/auth/verify-email").await["argon2"].clone();
        (response.status, hashes)
    };
    assert_eq!(tried(0).await, (401, json!(5.0)));
    assert_eq!(tried(1).await, (204, json!(5.0)));
}

#[tokio::test]
async fn the_mailboxs_holder_signs_up_afresh_and_the_others_die() {
    let app = TestApp::new().await;
    let verifier = sign_up(&app, "127.0.0.2", "mallory", OTHER_PASSWORD).await;
    let token = app.mailed_token("ada@example.com", 1).await;
    let afresh = |username: &str, password: &str| {
        with(&app, &token, json!({ "username": username, "new_password": password }))
    };
    let weak = afresh("ada", "password1").await.expect_problem(422, "validation_failed");
    assert_eq!(weak.wrong_fields(), ["new_password: password_too_common"]);
    let both = json!({ "new_password": PASSWORD, "username": "ada", "password": PASSWORD });
    let both = with(&app, &token, both).await.expect_problem(422, "validation_failed");
    assert_eq!(both.wrong_fields(), ["new_password: not_together"]);
    let nameless = with(&app, &token, json!({ "new_password": PASSWORD }));
    let nameless = nameless.await.expect_problem(422, "validation_failed");
    assert_eq!(nameless.wrong_fields(), ["username: required"]);
    let reserved = afresh("support", PASSWORD).await.expect_problem(422, "validation_failed");
    assert_eq!(reserved.wrong_fields(), ["username: reserved"]);
    afresh("ada", PASSWORD).await.expect(204);
    afresh("ada", PASSWORD).await.expect(204);
    with(&app, &token, json!({ "verifier": verifier })).await.expect(401);
    app.sign_in_with("ada", OTHER_PASSWORD).await.expect(401);
    let ada = app.sign_in("ada").actor().await;
    assert_eq!(ada.pair["user"]["username"], "ada");
}

#[tokio::test]
async fn the_same_call_again_and_at_once_is_no_error() {
    let app = TestApp::new().await;
    let verifier = sign_up(&app, "127.0.0.1", "ada", PASSWORD).await;
    let token = app.mailed_token("ada@example.com", 1).await;
    let calls = (0..4).map(|_| app.verify(&token, PASSWORD));
    for response in at_once(calls).await {
        response.expect(204);
    }
    with(&app, &token, json!({ "verifier": verifier })).await.expect(204);
    app.verify(&token, OTHER_PASSWORD).await.expect_problem(401, "invalid_credentials");
    app.activities("user_created", 1).await;
}

#[tokio::test]
async fn a_link_is_over_after_24_hours_and_says_so() {
    let app = TestApp::new().await;
    sign_up(&app, "127.0.0.1", "ada", PASSWORD).await;
    let token = app.mailed_token("ada@example.com", 1).await;
    app.advance(24 * 3600).await;
    app.verify(&token, PASSWORD).await.expect_problem(400, "token_expired");
    app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
    let altered = format!("{}AAAA", &token[..token.len() - 4]);
    app.verify(&altered, PASSWORD).await.expect_problem(400, "invalid_token");
    // The sign-up still waits: the address alone brings another link.
    app.post(RESEND, json!({ "email": "ada@example.com" })).await.expect(202);
    let token = app.mailed_token("ada@example.com", 2).await;
    app.verify(&token, PASSWORD).await.expect(204);
    app.sign_in("ada").await.expect(200);
}

#[tokio::test]
async fn a_sign_up_waits_a_week() {
    let app = TestApp::new().await;
    let verifier = sign_up(&app, "127.0.0.1", "ada", PASSWORD).await;
    app.mails("ada@example.com", 1).await;
    app.advance(7 * 24 * 3600 - 60).await;
    app.post(RESEND, json!({ "email": "ada@example.com" })).await.expect(202);
    let token = app.mailed_token("ada@example.com", 2).await;
    app.advance(60).await;
    app.verify(&token, PASSWORD).await.expect_problem(401, "invalid_credentials");
    with(&app, &token, json!({ "verifier": verifier })).await.expect(401);
    // What is mailed once more is nothing, and signing up again helps.
    app.post(RESEND, json!({ "email": "ada@example.com" })).await.expect(202);
    let is_sent = |item: &Value| item["entity"]["S"] != "outbox" || !item["sent_at"].is_null();
    app.settled(|items| items.iter().all(is_sent)).await;
    sign_up(&app, "127.0.0.1", "ada", PASSWORD).await;
    let token = app.mailed_token("ada@example.com", 3).await;
    app.verify(&token, PASSWORD).await.expect(204);
}

#[tokio::test]
async fn the_mail_comes_once_more_to_who_waits_and_to_nobody_else() {
    let app = TestApp::new().await;
    let resend = |email: &str| app.post(RESEND, json!({ "email": email }));
    sign_up(&app, "127.0.0.1", "ada", PASSWORD).await;
    app.mails("ada@example.com", 1).await;
    let waiting = resend("Ada@example.com").await.expect(202);
    assert_eq!(waiting.text, r#"{"status":"verification_sent"}"#);
    let mails = app.mails("ada@example.com", 2).await;
    let tokens: Vec<String> = mails.iter().map(token_of).collect();
    assert_ne!(tokens[0], tokens[1]);
    assert!(mails[0].text_of("text").contains("ada"), "{mails:?}");
    let nobody = resend("nobody@example.com").await.expect(202);
    assert_eq!(nobody.seen(), waiting.seen());
    app.verify(&tokens[0], PASSWORD).await.expect(204);
    resend("ada@example.com").await.expect(202);
    let mails = app.mails("ada@example.com", 3).await;
    assert_eq!(mails[0]["subject"], "You already have an account at Rolecall");
    let all = app.get("/_local/mail.json").await.json();
    assert_eq!(all.as_array().unwrap().len(), 3, "{all}");
}

#[tokio::test]
async fn an_account_of_the_mode_open_proves_its_address_with_its_password() {
    let app = TestApp::open().await;
    let user = app.post("/auth/register", person("ada")).await.expect(201).json();
    assert_eq!(user["email_verified"], json!(false));
    let token = app.verification_token("ada@example.com").await;
    with(&app, &token, json!({})).await.expect_problem(401, "invalid_credentials");
    let afresh = json!({ "username": "eve", "new_password": OTHER_PASSWORD });
    with(&app, &token, afresh).await.expect_problem(401, "invalid_credentials");
    let ada = app.sign_in("ada").actor().await;
    app.verify(&token, PASSWORD).await.expect(204);
    app.verify(&token, PASSWORD).await.expect(204);
    let me = ada.get("/me").await.expect(200).json();
    assert_eq!(me["email_verified"], json!(true));
    app.activities("user_email_verification", 1).await;
}

#[tokio::test]
async fn what_was_never_a_token_is_no_token() {
    let app = TestApp::new().await;
    for token in ["", "x", "../../etc/passwd", "SIGNUP#x", &"A".repeat(43), &"A".repeat(60_000)] {
        app.verify(token, PASSWORD).await.expect_problem(400, "invalid_token");
    }
}
