//! The key under which hashes of passwords are sealed: another one follows, and then it goes.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::imported_users::HASHES;
use crate::support::{Json, PASSWORD, TestApp, items, person, update_item};

const DAY: u32 = 24 * 3600;

async fn seal(app: &TestApp, input: Value) -> Value {
    let input = json!({ "time": "2026-11-23T09:30:00Z" }).with(input);
    app.post("/_local/schedule/seal_passwords", input).await.expect(200).json()
}

/// The addresses of accounts with the name of the key that seals their hash, or the hash itself
/// where none does.
async fn sealed_by(app: &TestApp) -> Vec<(String, String)> {
    let logins = items(app).await.into_iter().filter(|item| item["entity"]["S"] == "login");
    let mut all: Vec<_> = logins
        .filter_map(|item| {
            let hash = item["password_hash"]["S"].as_str()?;
            let key = hash.strip_prefix("sealed:").map(|sealed| {
                let bytes = URL_SAFE_NO_PAD.decode(sealed).unwrap();
                bytes.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
            });
            let address = item["account"]["M"]["email"]["S"].as_str().unwrap().to_owned();
            Some((address, key.unwrap_or_else(|| hash.to_owned())))
        })
        .collect();
    all.sort();
    all
}

/// The login record of an account.
async fn login_of(app: &TestApp, name: &str) -> Value {
    let address = format!("{name}@example.com");
    let is_theirs = |item: &Value| {
        item["entity"]["S"] == "login" && item["account"]["M"]["email"]["S"] == address.as_str()
    };
    items(app).await.into_iter().find(is_theirs).unwrap()
}

async fn put_hash(app: &TestApp, name: &str, hash: &Value) {
    let key = login_of(app, name).await;
    let key = [key["PK"]["S"].as_str().unwrap(), key["SK"]["S"].as_str().unwrap()];
    update_item(app, key, "SET password_hash = :hash", json!({ ":hash": hash })).await;
}

async fn hash_of(app: &TestApp, name: &str) -> Value {
    login_of(app, name).await["password_hash"].clone()
}

#[tokio::test]
async fn a_key_goes_once_every_hash_is_sealed_under_the_one_that_followed() {
    let app = TestApp::open().await;
    for name in ["ada", "grace"] {
        app.signed_in(name).await;
    }
    let hash = HASHES[0].1;
    put_hash(&app, "grace", &json!({ "S": hash })).await;
    let before = sealed_by(&app).await;
    let first = before[0].1.clone();
    assert_eq!(before[1].1, hash, "as a stack from before seals has it");
    let of_ada = hash_of(&app, "ada").await;

    let run = seal(&app, json!({ "new_key": true })).await;
    assert_eq!(run, json!({ "sealed": 2, "ended": 0, "removed": [], "kept": [], "next": null }));
    let after = sealed_by(&app).await;
    let second = &after[0].1;
    assert!(*second != first && after.iter().all(|(_, key)| key == second), "{after:?}");
    for name in ["ada", "grace"] {
        app.sign_in(name).await.expect(200);
    }
    let twice = json!({ "time": "2026-11-23T09:30:00Z", "new_key": true });
    app.post("/_local/schedule/seal_passwords", twice).await.expect(502);
    assert_eq!(seal(&app, json!({})).await["removed"], json!([]), "sign-ups wait for a week");

    // A copy of the hash of before that came back is sealed first, and by that alone no key goes.
    app.advance(7 * DAY + 600).await;
    put_hash(&app, "ada", &of_ada).await;
    let run = seal(&app, json!({})).await;
    assert_eq!((&run["sealed"], &run["removed"]), (&json!(1), &json!([])));
    let run = seal(&app, json!({})).await;
    assert_eq!(
        (&run["sealed"], &run["removed"]),
        (&json!(0), &json!([format!("passwords/{first}")]))
    );
    for name in ["ada", "grace"] {
        app.sign_in(name).await.expect(200);
    }
    put_hash(&app, "ada", &of_ada).await;
    app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
    assert_eq!(seal(&app, json!({})).await["ended"], 1, "it opens no more");
    assert_eq!(hash_of(&app, "ada").await, of_ada, "and is left as it is");
    app.activities("sys_signing_keys_rotated", 3).await;
}

#[tokio::test]
async fn a_sign_up_that_waited_comes_in_by_its_password_after_another_key_followed() {
    let app = TestApp::new().await;
    app.signed_in("ada").await;
    app.post("/auth/register", person("grace")).await.expect(202);
    let token = app.mailed_token("grace@example.com", 1).await;
    seal(&app, json!({ "new_key": true })).await;
    app.advance(DAY - 60).await;
    assert_eq!(seal(&app, json!({})).await["removed"], json!([]));
    app.verify(&token, PASSWORD).await.expect(204);
    app.sign_in("grace").await.expect(200);
    let keys = sealed_by(&app).await;
    assert_eq!(keys[0].1, keys[1].1, "her sign-in sealed it anew");
}

#[tokio::test]
async fn passwords_that_were_ended_stay_so() {
    let app = TestApp::open().await;
    app.signed_in("ada").await;
    let end = json!({ "time": "2026-11-23T09:30:00Z", "passwords": true });
    app.post("/_local/schedule/sign_out_everyone", end).await.expect(200);
    let hash = json!({ "S": HASHES[0].1 });
    put_hash(&app, "ada", &hash).await;
    let run = seal(&app, json!({ "new_key": true })).await;
    assert_eq!((&run["sealed"], &run["ended"]), (&json!(0), &json!(1)));
    assert_eq!(hash_of(&app, "ada").await, hash);
    app.advance(20).await;
    app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
}

#[tokio::test]
async fn a_pass_over_many_accounts_goes_on_where_a_run_stopped() {
    let app = TestApp::open().await;
    app.signed_in("ada").await;
    let users: Vec<Value> = (0..120)
        .map(|n| json!({ "username": format!("u{n}"), "email": format!("u{n}@example.com") }))
        .collect();
    let import = json!({ "time": "2026-11-23T09:30:00Z", "users": users });
    app.post("/_local/schedule/import_users", &import).await.expect(200);
    put_hash(&app, "u119", &json!({ "S": HASHES[0].1 })).await;
    let run = seal(&app, json!({ "new_key": true, "for_seconds": 0 })).await;
    assert_eq!(run["sealed"], 1, "ada is among the first hundred: {run}");
    let next = json!({ "next": run["next"] });
    let run = seal(&app, next).await;
    assert_eq!((&run["sealed"], &run["next"]), (&json!(2), &json!(null)));
    app.advance(8 * DAY).await;
    let run = seal(&app, json!({ "for_seconds": 0 })).await;
    assert_eq!(run["removed"], json!([]), "half a pass proves nothing");
    let run = seal(&app, json!({ "next": run["next"] })).await;
    assert_eq!((&run["sealed"], run.list_of("removed").len()), (&json!(0), 1));
    app.sign_in("ada").await.expect(200);
}
