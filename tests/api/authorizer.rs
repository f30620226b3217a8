//! The authorizer, asked as API Gateway asks: payload format 2.0, simple responses.

use serde_json::{Value, json};

use crate::support::{Actor, Firm, Json, TestApp};

const ROUTE: &str = "GET /reports/{id}";

/// What the authorizer answers, or the status where it fails.
async fn ask(app: &TestApp, event: Value) -> Value {
    let body = json!({
        "time": "2026-11-23T09:30:00Z",
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": "arn:aws:execute-api:us-east-1:123456789012:abcdef123/test/GET/reports/7",
        "routeKey": ROUTE,
        "rawPath": "/reports/7",
        "headers": { "host": "api.example.com" },
        "requestContext": { "http": { "method": "GET", "path": "/reports/7",
            "sourceIp": "127.0.0.1" } },
    });
    let response = app.post("/_local/schedule/authorizer", body.with(event)).await;
    if response.status == 200 { response.json() } else { json!(response.status) }
}

fn with(who: &Actor, need: &str) -> Value {
    json!({
        "identitySource": [format!("Bearer {}", who.access)],
        "stageVariables": { "rolecall_needs": need },
    })
}

#[tokio::test]
async fn it_gives_the_answers_of_the_check_and_hands_the_caller_on() {
    let firm = Firm::new().await;
    firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    let yes = ask(&firm.app, with(&ada, "pid.create")).await;
    let context = json!({
        "user_id": ada.id,
        "organization": "MY_COMPANY",
        "session_id": ada.session_id,
        "roles": ["drafter"],
    });
    assert_eq!(yes, json!({ "isAuthorized": true, "context": context }));
    let no = json!({ "isAuthorized": false });
    for need in ["pid.delete", "PID.CREATE", "module:PID", "users.read", ""] {
        assert_eq!(ask(&firm.app, with(&ada, need)).await, no, "{need}");
    }
    assert_eq!(ask(&firm.app, with(&ada, "signed-in")).await["isAuthorized"], true);
    for event in [
        json!({ "stageVariables": { "rolecall_needs": "signed-in" } }),
        json!({ "identitySource": ["Bearer x"],
            "stageVariables": { "rolecall_needs": "signed-in" } }),
    ] {
        assert_eq!(ask(&firm.app, event).await, no);
    }
    let refresh = json!({ "identitySource": [format!("Bearer {}",
        &ada.refresh)], "stageVariables": { "rolecall_needs": "signed-in" } });
    assert_eq!(ask(&firm.app, refresh).await, no);
    firm.root.put("/roles/drafter/modules/PID", ()).await.expect(201);
    assert_eq!(ask(&firm.app, with(&ada, "module:PID")).await["isAuthorized"], true);
    firm.root.delete("/roles/drafter/permissions/pid.create").await.expect(204);
    assert_eq!(
        ask(&firm.app, with(&ada, "pid.create")).await,
        no,
        "a right that is gone is gone at the next request"
    );
    firm.root.put(&ada.at("MY_COMPANY"), json!({ "status": "suspended" })).await.expect(200);
    assert_eq!(ask(&firm.app, with(&ada, "signed-in")).await, no);
    assert_eq!(ask(&firm.app, json!({ "version": "1.0" })).await, json!(502));
}

#[tokio::test]
async fn a_key_opens_what_it_names_from_its_networks_and_hands_on_no_roles() {
    let firm = Firm::new().await;
    let mut boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let key = json!({ "name": "CI", "scopes": ["users.read"], "networks": ["127.0.0.1/32"] });
    let key = boss.post("/users/me/api-keys", key).await.expect(201).json();
    key.text_of("key").clone_into(&mut boss.access);
    let context = json!({ "user_id": boss.id, "organization": "MY_COMPANY",
        "session_id": key["id"], "roles": [] });
    let yes = json!({ "isAuthorized": true, "context": context });
    let no = json!({ "isAuthorized": false });
    assert_eq!(ask(&firm.app, with(&boss, "users.read")).await, yes);
    assert_eq!(ask(&firm.app, with(&boss, "signed-in")).await, yes);
    assert_eq!(ask(&firm.app, with(&boss, "users.manage")).await, no);
    let elsewhere = json!({ "requestContext": { "http": { "sourceIp": "127.0.0.2" } } });
    assert_eq!(ask(&firm.app, with(&boss, "users.read").with(elsewhere)).await, no);
}

#[tokio::test]
async fn the_map_of_its_settings_says_what_a_route_needs_before_the_stage_does() {
    let map = json!({ ROUTE: "users.read", "GET /open": "signed-in" }).to_string();
    let app = TestApp::with_settings(&[("ROLECALL_AUTHORIZER_ROUTES", &map)]).await;
    let ada = app.signed_in("ada").await;
    assert_eq!(ask(&app, with(&ada, "signed-in")).await["isAuthorized"], false);
    let bearer = format!("Bearer {}", ada.access);
    let open = json!({ "routeKey": "GET /open", "headers": { "authorization": bearer } });
    assert_eq!(ask(&app, open).await["isAuthorized"], true);
    let unsaid = json!({ "routeKey": "GET /unsaid", "headers": { "authorization": bearer } });
    assert_eq!(ask(&app, unsaid).await["isAuthorized"], false);
}

#[tokio::test]
async fn an_access_token_that_is_used_elsewhere_counts_as_used() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let next = ada.refreshed().await;
    assert_eq!(ask(&app, with(&next, "signed-in")).await["isAuthorized"], true);
    app.advance(11).await;
    // The successor was used, and the grace is over: that is theft (RFC 9700 §4.14.2).
    app.refresh(&ada.refresh).await.expect_problem(401, "invalid_token");
    assert_eq!(ask(&app, with(&next, "signed-in")).await["isAuthorized"], false);
}
