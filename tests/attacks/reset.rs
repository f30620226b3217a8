use reqwest::Method;
use serde_json::json;

use crate::support::{Json, OTHER_PASSWORD, PASSWORD, TestApp, at_once, person, token_of};

const RESET: &str = "/auth/password-reset";
const VERIFY: &str = "/auth/password-reset/verify";
const CONFIRM: &str = "/auth/password-reset/confirm";

async fn with_ada() -> TestApp {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    app
}

#[tokio::test]
async fn attack_05_a_forged_host_is_not_in_the_link() {
    let app =
        TestApp::with_settings(&[("ROLECALL_LINK_BASE", "https://app.example.com/account")]).await;
    app.post("/auth/register", person("ada")).await.expect(201);
    app.post(RESET, json!({ "email": "ada@example.com" }))
        .header("Host", "evil.example")
        .header("X-Forwarded-Host", "evil.example")
        .header("X-Forwarded-Proto", "gopher")
        .header("Forwarded", "host=evil.example")
        .header("Origin", "https://evil.example")
        .header("Referer", "https://evil.example/")
        .await
        .expect(202);
    let mail = &app.mails("ada@example.com", 1).await[0];
    let link =
        mail.text_of("text").split_whitespace().find(|word| word.starts_with("http")).unwrap();
    assert!(link.starts_with("https://app.example.com/account/reset-password#token="), "{link}");
    assert!(!mail.to_string().contains("evil.example") && !mail.to_string().contains("gopher"));
}

#[tokio::test]
async fn attack_06_two_addresses_in_one_request_are_refused_and_nobody_gets_mail() {
    let app = with_ada().await;
    app.post("/auth/register", person("evil")).await.expect(201);
    app.post(RESET, json!({ "email": ["ada@example.com", "evil@example.com"] })).await.expect(422);
    app.post(RESET, json!({ "email": "ada@example.com,evil@example.com" })).await.expect(422);
    let send = |media: &'static str, body: &'static str| {
        app.request(Method::POST, RESET).header("content-type", media).body(body)
    };
    send("application/json", r#"{"email":"ada@example.com","email":"evil@example.com"}"#)
        .await
        .expect(400);
    send("application/x-www-form-urlencoded", "email=ada@example.com&email=evil@example.com")
        .await
        .expect(415);
    // The one mail that there is comes from the one request that is right.
    app.reset_token("ada", 1).await;
    assert_eq!(app.all_mails().await.len(), 1);
}

#[tokio::test]
async fn attack_07_a_look_alike_gets_nothing_and_mail_goes_to_the_stored_address() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("mike")).await.expect(201);
    app.post(RESET, json!({ "email": "m\u{131}ke@example.com" })).await.expect(202);
    app.post(RESET, json!({ "email": "\u{ff2d}IKE@Example.com" })).await.expect(202);
    app.mails("mike@example.com", 1).await;
    let all = app.all_mails().await;
    assert_eq!((all.len(), &all[0]["to"]), (1, &json!("mike@example.com")));
}

#[tokio::test]
async fn attack_08_of_fifty_confirms_at_once_one_sets_the_password() {
    let app = with_ada().await;
    let token = app.reset_token("ada", 1).await;
    let bodies: Vec<_> = (0..50)
        .map(|n| json!({ "token": token, "new_password": format!("copper-meadow-lantern-{n}") }))
        .collect();
    let responses = at_once(bodies.iter().map(|body| app.post(CONFIRM, body))).await;
    let mut statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
    let winner = statuses.iter().position(|status| *status == 204).unwrap();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![204], vec![400; 49]].concat());
    app.sign_in_with("ada", &format!("copper-meadow-lantern-{winner}")).await.expect(200);
    app.mails("ada@example.com", 2).await;
}

#[tokio::test]
async fn attack_09_an_expired_token_is_refused_though_it_is_still_stored() {
    let app = with_ada().await;
    let token = app.reset_token("ada", 1).await;
    app.advance(30 * 60).await;
    app.post(VERIFY, json!({ "token": token })).await.expect_problem(400, "invalid_token");
    app.post(CONFIRM, json!({ "token": token, "new_password": OTHER_PASSWORD }))
        .await
        .expect_problem(400, "invalid_token");
    let stored = crate::support::items(&app)
        .await
        .iter()
        .any(|item| item["entity"]["S"] == "ticket" && item["token"]["S"].is_string());
    assert!(stored, "only its time is over");
    app.sign_in("ada").await.expect(200);
}

#[tokio::test]
async fn attack_10_a_scanner_that_opens_the_link_uses_nothing_up() {
    let app = with_ada().await;
    let token = app.reset_token("ada", 1).await;
    let mail = &app.mails("ada@example.com", 1).await[0];
    let link =
        mail.text_of("text").split_whitespace().find(|word| word.starts_with("http")).unwrap();
    assert!(link.starts_with(&app.url("/reset-password#")), "{link}");
    for method in [Method::GET, Method::HEAD, Method::GET] {
        app.request(method, link).await.expect(200);
    }
    app.post(VERIFY, json!({ "token": token })).await.expect(204);
    app.post(VERIFY, json!({ "token": token })).await.expect(204);
    app.post(CONFIRM, json!({ "token": token, "new_password": OTHER_PASSWORD })).await.expect(204);
}

#[tokio::test]
async fn attack_11_a_newer_request_and_a_password_change_kill_the_token() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let first = app.reset_token("ada", 1).await;
    let second = app.reset_token("ada", 2).await;
    app.post(CONFIRM, json!({ "token": first, "new_password": OTHER_PASSWORD }))
        .await
        .expect_problem(400, "invalid_token");
    let change = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ada.post("/auth/password-change", &change).await.expect(204);
    let late = json!({ "token": second, "new_password": "granite-harbour-violin-7" });
    app.post(CONFIRM, &late).await.expect_problem(400, "invalid_token");
    app.sign_in_with("ada", OTHER_PASSWORD).await.expect(200);
}

#[tokio::test]
async fn attack_12_a_token_of_one_kind_is_none_of_another() {
    let app = TestApp::new().await;
    let ada = app.signed_in("ada").await;
    app.post("/auth/register", person("grace")).await.expect(202);
    let verification = app.mailed_token("grace@example.com", 1).await;
    let reset = app.reset_token("ada", 2).await;
    let change = json!({ "new_email": "countess@example.com", "current_password": PASSWORD });
    ada.post("/auth/email-change", &change).await.expect(202);
    let new_email = app.mailed_token("countess@example.com", 1).await;
    let notice =
        app.mail_to("ada@example.com", "Request to change your email address at Rolecall").await;
    let stop = token_of(&notice);
    for token in [&verification, &reset, &new_email] {
        app.post("/auth/email-change/undo", json!({ "token": token }))
            .await
            .expect_problem(400, "invalid_token");
    }
    for token in [&verification, &new_email, &stop] {
        app.post(CONFIRM, json!({ "token": token, "new_password": OTHER_PASSWORD }))
            .await
            .expect_problem(400, "invalid_token");
    }
    for token in [&verification, &reset, &stop] {
        app.post("/auth/email-change/confirm", json!({ "token": token }))
            .await
            .expect_problem(400, "invalid_token");
    }
    for token in [&reset, &new_email, &stop] {
        app.post("/auth/verify-email", json!({ "token": token, "password": PASSWORD }))
            .await
            .expect_problem(400, "invalid_token");
        app.post("/auth/unlock", json!({ "token": token }))
            .await
            .expect_problem(400, "invalid_token");
    }
    app.post(CONFIRM, json!({ "token": reset, "new_password": OTHER_PASSWORD })).await.expect(204);
}

#[tokio::test]
async fn attack_13_after_a_reset_every_token_is_dead_and_none_comes_back() {
    let app = TestApp::open().await;
    let (one, two) = (app.signed_in("ada").await, app.sign_in("ada").actor().await);
    let token = app.reset_token("ada", 1).await;
    let response = app
        .post(CONFIRM, json!({ "token": token, "new_password": OTHER_PASSWORD }))
        .await
        .expect(204);
    assert_eq!(response.text, "");
    for who in [one, two] {
        who.get("/me").await.expect_problem(401, "unauthenticated");
        app.refresh(&who.refresh).await.expect_problem(401, "invalid_token");
    }
    app.sign_in("ada").await.expect(401);
    app.sign_in_with("ada", OTHER_PASSWORD).await.expect(200);
}

#[tokio::test]
async fn attack_14_a_hundred_requests_are_three_mails_and_the_victim_still_signs_in() {
    let app = with_ada().await;
    for n in 0..100 {
        let from = format!("127.0.0.{}", 2 + n % 20);
        app.post(RESET, json!({ "email": "ada@example.com" })).sent_from(&from).await.expect(202);
    }
    let token = app.mailed_token("ada@example.com", 3).await;
    app.sign_in("ada").await.expect(200);
    app.post(VERIFY, json!({ "token": token })).await.expect(204);
    app.activities("authn_password_reset_request", 100).await;
    // Whoever asks three times at once takes no link away from the owner for half an hour: the last
    // one holds.
    app.advance(31 * 60).await;
    app.post(RESET, json!({ "email": "ada@example.com" })).await.expect(202);
    app.post(VERIFY, json!({ "token": token })).await.expect(204);
    app.advance(29 * 60).await;
    app.post(VERIFY, json!({ "token": token })).await.expect_problem(400, "invalid_token");
    app.reset_token("ada", 4).await;
}

#[tokio::test]
async fn the_last_link_of_an_hour_resets_until_there_can_be_another() {
    let app = with_ada().await;
    app.reset_token("ada", 1).await;
    app.reset_token("ada", 2).await;
    let token = app.reset_token("ada", 3).await;
    app.advance(45 * 60).await;
    app.post(CONFIRM, json!({ "token": token, "new_password": OTHER_PASSWORD })).await.expect(204);
    app.sign_in_with("ada", OTHER_PASSWORD).await.expect(200);
}

#[tokio::test]
async fn signing_devices_out_keeps_nobody_from_a_reset() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let token = app.reset_token("ada", 1).await;
    ada.delete("/user-sessions?scope=all").await.expect(204);
    app.post(CONFIRM, json!({ "token": token, "new_password": OTHER_PASSWORD })).await.expect(204);
}
