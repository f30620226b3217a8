//! What super admins see and order of how the stack runs: its settings and its signing keys.

use serde_json::{Value, json};

use crate::support::{Firm, Json, OTHER_PASSWORD, PASSWORD, TestApp};

fn setting<'a>(all: &'a Value, name: &str) -> &'a Value {
    let mut settings = all.as_array().unwrap().iter();
    settings.find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name} is not there"))
}

#[tokio::test]
async fn every_setting_is_shown_with_its_default_and_no_secret_is_one() {
    let app = TestApp::with_admin("invite").await;
    let all = app.admin().await.get("/settings").await.expect(200).json();
    assert_eq!(
        setting(&all, "ROLECALL_REGISTRATION"),
        &json!({ "name": "ROLECALL_REGISTRATION", "value": "invite", "default": "verified" })
    );
    assert_eq!(setting(&all, "ROLECALL_ACCESS_MINUTES")["default"], "60");
    assert_eq!(setting(&all, "ROLECALL_MAIL_FROM")["default"], Value::Null);
    let names: Vec<&str> = all.as_array().unwrap().iter().map(|one| one.text_of("name")).collect();
    assert!(names.len() >= 49, "{names:?}");
    assert!(!names.contains(&"ROLECALL_AUTHORIZER_ROUTES"), "the authorizer's own");
    let text = all.to_string();
    for secret in [PASSWORD, "secret", "password"] {
        assert!(!text.to_lowercase().contains(secret), "{text}");
    }
}

#[tokio::test]
async fn signing_keys_are_shown_on_their_way_and_rotated_by_who_knows_the_password() {
    let app = TestApp::with_admin("open").await;
    let admin = app.admin().await;
    let keys = async || admin.get("/signing-keys").await.expect(200).json();
    let states = |keys: &Value| -> Vec<String> {
        keys.as_array().unwrap().iter().map(|one| one.text_of("state").to_owned()).collect()
    };
    let first = keys().await;
    assert_eq!(states(&first), ["current"]);
    assert_eq!((&first[0]["alg"], &first[0]["gone_at"]), (&json!("RS256"), &Value::Null));
    assert!(first[0]["published_at"].is_string());

    let order = |body| admin.post("/signing-keys/rotate", body);
    let wrong = order(json!({ "current_password": OTHER_PASSWORD })).await;
    let wrong = wrong.expect_problem(422, "validation_failed");
    assert_eq!(wrong.wrong_fields(), ["current_password: wrong_password"]);
    app.activities("sys_signing_keys_rotation_fail", 1).await;
    assert_eq!(states(&keys().await), ["current"]);

    let run = order(json!({ "current_password": PASSWORD })).await.expect(202).json();
    assert_eq!(
        (run.list_of("published").len(), run.text_of("signing")),
        (1, first[0].text_of("kid"))
    );
    let two = keys().await;
    assert_eq!(states(&two), ["current", "next"]);
    assert!(two[0]["gone_at"].as_str() > two[1]["signs_from"].as_str(), "{two}");
    // One that waits is enough.
    let again = order(json!({ "current_password": PASSWORD })).await.expect(202).json();
    assert_eq!(again["published"], json!([]));

    app.advance(3 * 3600 + 60).await;
    let admin = app.admin().await;
    let later = admin.get("/signing-keys").await.expect(200).json();
    assert_eq!(states(&later), ["previous", "current"]);
    let records = app.activities("sys_signing_keys_rotated", 2).await;
    let by_admin = |one: &&Value| one["actor_name"]["S"] == "admin";
    assert_eq!(records.iter().filter(by_admin).count(), 1, "the record names who ordered it");
}

#[tokio::test]
async fn a_key_that_is_dropped_takes_its_tokens_with_it_and_sessions_go_on() {
    let app = TestApp::with_admin("open").await;
    let admin = app.admin().await;
    let ada = app.signed_in("ada").await;
    for unknown in ["nothing", "current", "server/1", "server"] {
        let body = json!({ "drop": unknown, "current_password": PASSWORD });
        let refused = admin.post("/signing-keys/rotate", body).await;
        let refused = refused.expect_problem(422, "validation_failed");
        assert_eq!(refused.wrong_fields(), ["drop: unknown_key"]);
    }
    let current = admin.get("/signing-keys").await.expect(200).json()[0].text_of("kid").to_owned();
    let body = json!({ "drop": current, "current_password": PASSWORD });
    let run = admin.post("/signing-keys/rotate", body).await.expect(202).json();
    assert_eq!(run["removed"], json!([current]));
    for who in [&admin, &ada] {
        who.get("/me").await.expect_problem(401, "unauthenticated");
        who.refreshed().await.get("/me").await.expect(200);
    }
}

#[tokio::test]
async fn nobody_but_super_admins_sees_or_orders_any_of_it() {
    let firm = Firm::new().await;
    let manager = firm.member("ada", "MY_COMPANY", &["admin"]).await;
    manager.get("/settings").await.expect_problem(403, "forbidden");
    manager.get("/signing-keys").await.expect_problem(403, "forbidden");
    let order = json!({ "current_password": PASSWORD });
    manager.post("/signing-keys/rotate", order).await.expect_problem(403, "forbidden");
    assert_eq!(firm.root.get("/signing-keys").await.json().as_array().unwrap().len(), 1);
}
