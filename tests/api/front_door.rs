//! What is taken, in which spelling: blanks, empty texts, ids, keys, types of tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall_local::Options;
use serde_json::{Value, json};

use crate::support::{Firm, Json, PASSWORD, TestApp, in_process_with, options, person};

#[tokio::test]
async fn blanks_around_email_username_and_name_are_dropped() {
    let app = TestApp::open().await;
    let body = json!({ "username": "  ada\t", "email": " ada@example.com\n", "password": PASSWORD,
        "first_name": " Ada " });
    let made = app.post("/auth/register", body).await.expect(201).json();
    assert_eq!(
        (made.text_of("username"), made.text_of("email"), made.text_of("first_name")),
        ("ada", "ada@example.com", "Ada")
    );
    let signed_in = json!({ "email": "  ada@example.com ", "password": PASSWORD });
    app.post("/auth/token", signed_in).await.expect(200);
    // A password is what it is.
    let blank = json!({ "email": "ada@example.com", "password": format!(" {PASSWORD}") });
    app.post("/auth/token", blank).await.expect(401);
    app.post("/auth/register", person(" ada ")).await.expect(422);
}

#[tokio::test]
async fn an_empty_optional_text_is_as_null_and_a_required_one_is_missing() {
    let app = TestApp::open().await;
    let empty = json!({ "first_name": "", "last_name": "  ", "phone_number": "" });
    let made = app.post("/auth/register", person("ada").with(empty)).await.expect(201).json();
    for name in ["first_name", "last_name", "phone_number"] {
        assert_eq!(made[name], Value::Null, "{name}");
    }
    let ada = app.sign_in("ada").actor().await;
    let full = json!({ "bio": "Engineer", "phone_number": "+41 44 668 18 00" });
    ada.patch("/me", full).await.expect(200);
    let now = ada.patch("/me", json!({ "bio": "", "phone_number": " " })).await.expect(200).json();
    assert_eq!((&now["bio"], &now["phone_number"]), (&Value::Null, &Value::Null));
    let nobody = person("eve").with(json!({ "username": "" }));
    app.post("/auth/register", nobody).await.expect_problem(422, "validation_failed");
    // So in a query, where forms send it, too.
    ada.get("/activity-streams?organization=&limit=1").await.expect(200);
    // What names something is asked about as it is.
    let elsewhere = json!({ "permission": "users.read", "organization": "" });
    assert_eq!(ada.check(elsewhere).await["allowed"], false);
}

#[tokio::test]
async fn an_id_is_read_in_either_case_and_written_in_lower_case() {
    let firm = Firm::new().await;
    let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
    let upper = ada.id.to_uppercase();
    assert_ne!(upper, ada.id);
    let found = firm.root.get(&format!("/users/{upper}")).await.expect(200).json();
    assert_eq!(found.text_of("id"), ada.id);
    let member = format!("/organizations/MY_COMPANY/members/{upper}");
    assert_eq!(firm.root.get(&member).await.expect(200).text_of("user_id"), ada.id);
    let asked = json!({ "permission": "pid.create", "user_id": upper,
        "organization": "MY_COMPANY" });
    assert_eq!(firm.root.check(asked).await["allowed"], false);
    firm.root.get(&format!("/activities?user_id={upper}&organization=*")).await.expect(200);
    for odd in [upper.replace('-', ""), format!("{{{upper}}}"), format!("urn:uuid:{upper}")] {
        firm.root.get(&format!("/users/{odd}")).await.expect(404);
    }
}

#[tokio::test]
async fn an_idempotency_key_is_visible_ascii() {
    let firm = Firm::new().await;
    for key in ["", "a b", "\u{e9}", "a\tb", &"k".repeat(256)] {
        let call = firm.root.post("/modules", json!({ "code": "X", "name": "X" }));
        let response = call.header("Idempotency-Key", key).await;
        response.expect_problem(422, "validation_failed");
    }
    firm.root.get("/modules/X").await.expect(404);
}

#[tokio::test]
async fn the_type_of_tokens_is_a_setting_and_those_from_before_stay_good() {
    let folder = tempfile::tempdir().unwrap();
    let data = rolecall_local::Data::Folder(folder.path().to_owned());
    let registration = Some("open".to_owned());
    let app = TestApp::start(Options { data, registration, ..options() }).await;
    // Another instance of the same stack, set otherwise.
    let other = in_process_with(&app, ("ROLECALL_TOKEN_TYPE", "JWT"));
    let typ = |access: &str| {
        let header = URL_SAFE_NO_PAD.decode(access.split('.').next().unwrap()).unwrap();
        serde_json::from_slice::<Value>(&header).unwrap().text_of("typ").to_owned()
    };
    let before = app.signed_in("ada").await.access;
    assert_eq!(typ(&before), "at+jwt");
    let body = json!({ "email": "ada@example.com", "password": PASSWORD }).to_string();
    let request = http::Request::post("/api/v1/auth/token")
        .header("content-type", "application/json")
        .body(bytes::Bytes::from(body))
        .unwrap();
    let pair = other.response("POST /api/v1/auth/token", request).await;
    let pair: Value = serde_json::from_slice(pair.body()).unwrap();
    let now = pair.text_of("access");
    assert_eq!(typ(now), "JWT");
    for access in [before.as_str(), now] {
        let request = http::Request::get("/api/v1/me")
            .header("authorization", format!("Bearer {access}"))
            .body(bytes::Bytes::new())
            .unwrap();
        assert_eq!(other.response("GET /api/v1/me", request).await.status(), 200);
    }
    app.get("/me").bearer(&before).await.expect(200);
    app.get("/me").bearer(now).await.expect_problem(401, "unauthenticated");
}
