//! Pages of the stack's own origin: tokens in cookies.

use reqwest::Method;
use serde_json::json;

use crate::support::{
    Browser, Firm, Json, PASSWORD, Response, TestApp, assert_valid, both, document,
};

/// What a page sees of a pair: the pair without its tokens.
fn assert_is_session(body: &serde_json::Value) {
    let mut schema = document()["components"]["schemas"]["TokenPair"].clone();
    for token in ["access", "refresh", "device", "token_type"] {
        schema["properties"].as_object_mut().unwrap().remove(token).unwrap();
        schema["required"].as_array_mut().unwrap().retain(|name| name != token);
    }
    assert_valid(&schema, body);
}

#[tokio::test]
async fn a_page_signs_in_stays_signed_in_and_signs_out() {
    let app = TestApp::open().await;
    let user = app.signed_in("ada").await;
    let mut browser = Browser::new(&app);
    let session = browser.sign_in("ada").await;
    assert_is_session(&session);
    assert_eq!(session.text_of("user/id"), user.id);
    let me = browser.page(Method::GET, "/me").await.expect(200);
    assert_eq!(me.text_of("username"), "ada");
    let patch = json!({ "first_name": "Ada" });
    browser.send(Method::PATCH, "/me", patch).await.expect(200);

    browser.forget_access();
    browser.page(Method::GET, "/me").await.expect_problem(401, "unauthenticated");
    let refreshed = browser.send(Method::POST, "/auth/token/refresh", json!({})).await.expect(200);
    assert_is_session(&refreshed.json());
    assert_eq!(refreshed.json()["session_id"], session["session_id"]);
    browser.page(Method::GET, "/me").await.expect(200);

    let stolen = browser.cookies("/api/v1/auth/token/refresh");
    let out = browser.send(Method::POST, "/auth/token/revoke", json!({})).await.expect(204);
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"");
    // That this browser signed in before is all that it still knows.
    assert_eq!(browser.names().len(), 1, "{:?}", browser.names());
    let refresh = app.request(Method::POST, "/auth/token/refresh").header("Cookie", stolen);
    refresh
        .header("Rolecall-Browser", "1")
        .json(json!({}))
        .await
        .expect_problem(401, "invalid_token");
    // Without a session there is nothing to end, and nothing to refresh.
    browser.send(Method::POST, "/auth/token/revoke", json!({})).await.expect(204);
    let none = browser.send(Method::POST, "/auth/token/refresh", json!({})).await;
    none.expect_problem(401, "invalid_token");
}

#[tokio::test]
async fn signing_out_ends_the_session_also_without_a_refresh_token() {
    let app = TestApp::open().await;
    app.signed_in("ada").await;
    let mut browser = Browser::signed_in(&app, "ada").await;
    let access = browser.cookies("/api/v1/me");
    browser.forget_refresh();
    browser.send(Method::POST, "/auth/token/revoke", json!({})).await.expect(204);
    let stolen = app.request(Method::GET, "/me").header("Cookie", access);
    stolen.header("Rolecall-Browser", "1").await.expect_problem(401, "unauthenticated");
    // What is no token of ours ends nothing.
    let odd = app.request(Method::POST, "/auth/token/revoke").header("Rolecall-Browser", "1");
    odd.json(json!({ "refresh": "x" })).await.expect(204);
}

#[tokio::test]
async fn a_browser_forgets_a_session_that_is_over() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let mut browser = Browser::signed_in(&app, "ada").await;
    assert_eq!(browser.names().len(), 3);
    ada.delete("/user-sessions?scope=others").await.expect(204);
    browser.send(Method::GET, "/me", ()).await.expect_problem(401, "unauthenticated");
    let over = browser.send(Method::POST, "/auth/token/refresh", json!({})).await;
    over.expect_problem(401, "invalid_token");
    assert_eq!(browser.names().len(), 1, "{:?}", browser.names());
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_stay_signed_in() {
    let app = TestApp::open().await;
    app.signed_in("ada").await;
    let mut browser = Browser::signed_in(&app, "ada").await;
    let refresh = || browser.page(Method::POST, "/auth/token/refresh").json(json!({}));
    let (one, other) = both(refresh(), refresh()).await;
    for response in [&one, &other] {
        assert_eq!(response.status, 200, "{response:?}");
    }
    let cookie = |response: &Response| {
        let all = response.headers.get_all("set-cookie").iter();
        all.map(|value| value.to_str().unwrap().to_owned())
            .find(|one| one.contains("refresh"))
            .map(|one| one.split(';').next().unwrap().to_owned())
    };
    assert_eq!(cookie(&one), cookie(&other));
    browser.send(Method::POST, "/auth/token/refresh", json!({})).await.expect(200);
    browser.page(Method::GET, "/me").await.expect(200);
}

#[tokio::test]
async fn a_known_browser_is_let_in_while_strangers_fail() {
    let app = TestApp::open().await;
    app.signed_in("ada").await;
    let mut browser = Browser::signed_in(&app, "ada").await;
    browser.send(Method::POST, "/auth/token/revoke", json!({})).await.expect(204);
    for number in 0..60 {
        let address = format!("127.9.{}.{}", number / 200, number % 200 + 1);
        let _ = app.sign_in_from(&address, "ada", "wrong-password-of-a-stranger").await;
    }
    app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
    browser.sign_in("ada").await;
}

#[tokio::test]
async fn the_organization_is_switched_and_an_invitation_accepted_by_cookie() {
    let firm = Firm::new().await;
    firm.member("ada", "MY_COMPANY", &["viewer"]).await;
    let mut browser = Browser::signed_in(&firm.app, "ada").await;
    let to = json!({ "organization": "MY_COMPANY" });
    let switched = browser.send(Method::POST, "/auth/switch-organization", to).await.expect(200);
    assert_is_session(&switched.json());
    browser.page(Method::GET, "/me/permissions").await.expect(200);
    let invited = json!({ "email": "new@example.com" });
    firm.root.post("/organizations/MY_COMPANY/invitations", invited).await.expect(201);
    let token = firm.app.mailed_token("new@example.com", 1).await;
    let mut newcomer = Browser::new(&firm.app);
    let accept = json!({ "token": token, "username": "newcomer",
        "password": PASSWORD });
    let session = newcomer.send(Method::POST, "/auth/accept-invitation", accept).await.expect(200);
    assert_is_session(&session.json());
    let me = newcomer.page(Method::GET, "/me").await.expect(200);
    assert_eq!(me.text_of("username"), "newcomer");
}
