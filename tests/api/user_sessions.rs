use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Response, TestApp};

const PATH: &str = "/api/v1/user-sessions";
const IPAD: &str = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
    like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

async fn list(app: &TestApp, access: &Value) -> Vec<Value> {
    app.get_as(access.as_str().unwrap(), PATH).await.expect(200).json()["items"]
        .as_array()
        .unwrap()
        .clone()
}

async fn sign_in_with_agent(app: &TestApp, agent: &str) -> Value {
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let request =
        app.request(Method::POST, "/api/v1/auth/token").header("User-Agent", agent).json(&body);
    app.send(request).await.expect(200).json()
}

#[tokio::test]
async fn each_login_is_a_session_that_tells_device_and_place() {
    let app = TestApp::open().await;
    app.signed_in("ada").await;
    let pad = sign_in_with_agent(&app, IPAD).await;
    let sessions = list(&app, &pad["access"]).await;
    assert_eq!(sessions.len(), 2);
    let first = &sessions[0];
    assert_eq!(
        (
            &first["session_id"],
            &first["device_type"],
            &first["browser"],
            &first["os"],
            &first["ip_address"]
        ),
        (
            &pad["session_id"],
            &json!("tablet"),
            &json!("Safari"),
            &json!("iPadOS"),
            &json!("127.0.0.1")
        )
    );
    assert_eq!(
        (&first["is_active"], &first["current"], &sessions[1]["current"]),
        (&json!(true), &json!(true), &json!(false))
    );
    for secret in ["access", "refresh", "device"] {
        assert!(!json!(sessions).to_string().contains(pad[secret].as_str().unwrap()));
    }
}

#[tokio::test]
async fn the_page_and_the_last_activity_follow_once_a_minute() {
    let app = TestApp::open().await;
    let pair = app.signed_in("ada").await;
    let visit = async |page: &'static str| {
        let request =
            app.request(Method::GET, "/api/v1/me").bearer_auth(pair["access"].as_str().unwrap());
        app.send(request.header("X-Current-Page", page)).await.expect(200);
        list(&app, &pair["access"]).await[0].clone()
    };
    let start = visit("/a").await;
    assert_eq!(
        (&start["current_page"], &start["last_activity"]),
        (&json!("/a"), &start["created_at"])
    );
    app.advance(60).await;
    let later = visit("/b").await;
    assert_eq!(later["current_page"], "/b");
    assert_ne!(later["last_activity"], start["last_activity"]);
    let soon = visit("/c").await;
    assert_eq!(
        (&soon["current_page"], &soon["last_activity"]),
        (&json!("/b"), &later["last_activity"])
    );
}

#[tokio::test]
async fn one_session_is_ended_and_somebody_elses_is_as_unknown_as_none() {
    let app = TestApp::open().await;
    let (ada, eve) = (app.signed_in("ada").await, app.signed_in("eve").await);
    let other = app.sign_in("ada").await.expect(200).json();
    let path = |id: &Value| format!("{PATH}/{}", id.as_str().unwrap());
    app.delete_as(&ada["access"], &path(&other["session_id"])).await.expect(204);
    app.delete_as(&ada["access"], &path(&other["session_id"])).await.expect(204);
    app.me(&other["access"]).await.expect_problem(401, "unauthenticated");
    app.refresh(&other["refresh"]).await.expect_problem(401, "invalid_token");
    let theirs = app
        .delete_as(&eve["access"], &path(&ada["session_id"]))
        .await
        .expect_problem(404, "not_found");
    let nobodys = app
        .delete_as(&eve["access"], &path(&json!("0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60")))
        .await
        .expect(404);
    assert_eq!(theirs.seen(), nobodys.seen());
    app.delete_as(&eve["access"], &format!("{PATH}/SESSION%23x")).await.expect(404);
    app.me(&ada["access"]).await.expect(200);
    let ended = list(&app, &ada["access"])
        .await
        .into_iter()
        .find(|one| one["session_id"] == other["session_id"])
        .unwrap();
    assert_eq!(ended["is_active"], false);
    app.activities("authn_token_revoked", 1).await;
}

#[tokio::test]
async fn others_end_by_one_write_and_then_all() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let mut others = Vec::new();
    for _ in 0..5 {
        others.push(app.sign_in("ada").await.expect(200).json());
    }
    app.delete_as(&ada["access"], &format!("{PATH}?scope=others")).await.expect(204);
    app.expect_cost("DELETE /api/v1/user-sessions", "in_sequence", 2.0).await;
    for other in &others {
        app.me(&other["access"]).await.expect_problem(401, "unauthenticated");
        app.refresh(&other["refresh"]).await.expect_problem(401, "invalid_token");
    }
    app.me(&ada["access"]).await.expect(200);
    let ada = app.refresh(&ada["refresh"]).await.expect(200).json();
    let living =
        list(&app, &ada["access"]).await.iter().filter(|one| one["is_active"] == true).count();
    assert_eq!(living, 1);
    app.delete_as(&ada["access"], &format!("{PATH}?scope=all")).await.expect(204);
    app.me(&ada["access"]).await.expect_problem(401, "unauthenticated");
    app.refresh(&ada["refresh"]).await.expect_problem(401, "invalid_token");
    // The two orders, and each dead session whose refresh token was used.
    app.activities("authn_token_revoked", 2 + 6).await;
}

#[tokio::test]
async fn scope_is_required_and_parameters_are_read_strictly() {
    let app = TestApp::open().await;
    let pair = app.signed_in("ada").await;
    let wrong = async |query: &str| -> Vec<String> {
        app.delete_as(&pair["access"], &format!("{PATH}{query}")).await.expect(422).wrong_fields()
    };
    assert_eq!(wrong("").await, ["scope: required"]);
    assert_eq!(wrong("?scope=some").await, ["scope: unknown_scope"]);
    assert_eq!(wrong("?scope=all&scope=others").await, ["scope: repeated"]);
    assert_eq!(wrong("?scope=all&x=1").await, ["x: unknown_field"]);
    let get = async |query: &str| -> Response {
        app.get_as(pair["access"].as_str().unwrap(), &format!("{PATH}{query}")).await
    };
    assert_eq!(get("?limit=0").await.expect(422).wrong_fields(), ["limit: out_of_range"]);
    assert_eq!(get("?limit=201").await.expect(422).wrong_fields(), ["limit: out_of_range"]);
    get(&format!("?user_id={}", pair["user"]["id"].as_str().unwrap())).await.expect(200);
    get("?user_id=0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60").await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn pages_are_complete_and_a_cursor_is_its_callers_alone() {
    let app = TestApp::open().await;
    let (ada, eve) = (app.signed_in("ada").await, app.signed_in("eve").await);
    for _ in 0..6 {
        app.sign_in("ada").await.expect(200);
    }
    let access = ada["access"].as_str().unwrap();
    let whole: Vec<Value> = list(&app, &ada["access"]).await;
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let query = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
        let page = app.get_as(access, &format!("{PATH}?limit=3{query}")).await.expect(200).json();
        paged.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!((paged.len(), paged), (7, whole));
    let last = cursor.pop().unwrap();
    let altered = format!("{cursor}{}", if last == 'A' { 'B' } else { 'A' });
    for (token, cursor) in [
        (access, altered.as_str()),
        (access, "x"),
        (eve["access"].as_str().unwrap(), &format!("{cursor}{last}")),
    ] {
        app.get_as(token, &format!("{PATH}?cursor={cursor}"))
            .await
            .expect_problem(400, "invalid_cursor");
    }
    app.get_as(access, &format!("/api/v1/active-users?cursor={cursor}{last}"))
        .await
        .expect_problem(400, "invalid_cursor");
}
