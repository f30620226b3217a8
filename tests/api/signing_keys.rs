//! Rotation, the emergency, and the other algorithm.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall_local::{Data, Options};
use serde_json::{Value, json};

use crate::support::{
    Actor, Json, PASSWORD, Shifted, TestApp, at_once, in_process, in_process_at, options,
};

async fn rotate(app: &TestApp, input: Value) -> Value {
    let body = json!({ "time": "2026-11-23T09:30:00Z" }).with(input);
    app.post("/_local/schedule/rotate_keys", body).await.expect(200).json()
}

async fn published(app: &TestApp) -> Vec<String> {
    let keys = app.get("/.well-known/jwks.json").await.expect(200).json().list_of("keys").clone();
    keys.iter().map(|key| key.text_of("kid").to_owned()).collect()
}

fn kid(who: &Actor) -> String {
    let header = who.access.split('.').next().unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    header.text_of("kid").to_owned()
}

#[tokio::test]
async fn the_next_key_is_published_before_it_signs_and_the_last_until_its_tokens_are_over() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let old = kid(&first);
    let run = rotate(&app, json!({})).await;
    assert_eq!((&run["signing"], published(&app).await.len()), (&json!(old), 2));
    assert_eq!(rotate(&app, json!({})).await["published"], json!([]), "one that waits is enough");
    let next = run.text_of("published/0").to_owned();
    assert_eq!(kid(&app.sign_in("ada").actor().await), old, "published, and not signing yet");
    app.advance(3 * 3600 - 120).await;
    let last_of_old = app.sign_in("ada").actor().await;
    app.advance(150).await;
    let first_of_new = app.sign_in("ada").actor().await;
    assert_eq!((kid(&last_of_old), kid(&first_of_new)), (old.clone(), next.clone()));
    rotate(&app, json!({})).await;
    for who in [&last_of_old, &first_of_new] {
        who.get("/me").await.expect(200);
    }
    assert!(published(&app).await.contains(&old));
    app.advance(3600).await;
    assert!(
        !rotate(&app, json!({})).await.list_of("removed").contains(&json!(old)),
        "a margin is left"
    );
    app.advance(300).await;
    assert_eq!(rotate(&app, json!({})).await["removed"], json!([old]));
    assert!(!published(&app).await.contains(&old));
    app.refresh(&first.refresh).await.expect(200);
    app.activities("sys_signing_keys_rotated", 4).await;
}

#[tokio::test]
async fn a_dropped_key_is_dead_at_once_with_all_that_it_signed() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    ada.get("/me").await.expect(200);
    let run = rotate(&app, json!({ "drop": "current" })).await;
    assert_eq!(run["removed"], json!([kid(&ada)]));
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    let next = ada.refreshed().await;
    assert_eq!(json!(kid(&next)), run["signing"]);
    next.get("/me").await.expect(200);
    let unknown = json!({ "time": "2026-11-23T09:30:00Z", "drop": "nothing" });
    app.post("/_local/schedule/rotate_keys", &unknown).await.expect(502);
    assert_eq!(published(&app).await, [kid(&next)]);
}

#[tokio::test]
async fn a_dropped_key_opens_nothing_in_a_process_that_knew_it_ten_seconds_ago() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let app =
        TestApp::start(Options { data, registration: Some("open".to_owned()), ..options() }).await;
    let ada = app.signed_in("ada").await;
    let clock = Arc::new(Shifted::default());
    let other = in_process_at(&app, Arc::clone(&clock) as _);
    let me = async || {
        let request = http::Request::get("/api/v1/me")
            .header("authorization", format!("Bearer {}", ada.access));
        other
            .response("GET /api/v1/me", request.body(bytes::Bytes::new()).unwrap())
            .await
            .status()
            .as_u16()
    };
    assert_eq!(me().await, 200);
    rotate(&app, json!({ "drop": "current" })).await;
    clock.advance(10);
    assert_eq!(
        me().await,
        401,
        "the first call that comes later asks the directory beside its own read"
    );
    clock.advance(240);
    assert_eq!(me().await, 401);
}

#[tokio::test]
async fn a_waiting_key_without_its_private_half_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let app =
        TestApp::start(Options { data, registration: Some("open".to_owned()), ..options() }).await;
    let old = kid(&app.signed_in("ada").await);
    let waiting = rotate(&app, json!({})).await.text_of("published/0").to_owned();
    let file = |kid: &str| folder.path().join(format!("keys/signing/{kid}.key"));
    std::fs::remove_file(file(&waiting)).unwrap();
    let run = rotate(&app, json!({})).await;
    assert_eq!((&run["removed"], run.list_of("published").len()), (&json!([waiting]), 1));
    // The key that signs is lost: another one signs at once, and what the lost one signed goes on
    // working.
    let ada = app.sign_in("ada").actor().await;
    std::fs::remove_file(file(&old)).unwrap();
    let signing = rotate(&app, json!({})).await["signing"].clone();
    assert_ne!(signing, json!(old));
    assert_eq!(json!(kid(&app.sign_in("ada").actor().await)), signing);
    ada.get("/me").await.expect(200);
}

#[tokio::test]
async fn a_waiting_key_steps_in_for_a_dropped_one() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let waiting = rotate(&app, json!({})).await["published"][0].clone();
    let run = rotate(&app, json!({ "drop": kid(&ada) })).await;
    assert_eq!((&run["signing"], &run["published"]), (&waiting, &json!([])));
    assert_eq!(json!(kid(&app.sign_in("ada").actor().await)), waiting);
}

#[tokio::test]
async fn runs_at_the_same_time_publish_one_key() {
    let app = TestApp::open().await;
    let body = json!({ "time": "2026-11-23T09:30:00Z" });
    at_once((0..6).map(|_| app.post("/_local/schedule/rotate_keys", &body))).await;
    assert_eq!(published(&app).await.len(), 2);
}

#[tokio::test]
async fn the_stacks_own_schedule_rotates_when_a_week_went_by() {
    let app = TestApp::open().await;
    assert_eq!(published(&app).await.len(), 1);
    app.advance(7 * 24 * 3600 + 1).await;
    let mut look = tokio::time::interval(std::time::Duration::from_millis(50));
    let rotated = async {
        while published(&app).await.len() < 2 {
            look.tick().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), rotated)
        .await
        .expect("the schedule runs");
}

#[tokio::test]
async fn eddsa_is_a_setting_and_a_stock_library_checks_it() {
    let app = TestApp::with_settings(&[("ROLECALL_TOKEN_ALGORITHM", "EdDSA")]).await;
    let ada = app.signed_in("ada").await;
    ada.get("/me").await.expect(200);
    let jwks: jsonwebtoken::jwk::JwkSet =
        serde_json::from_str(&app.get("/.well-known/jwks.json").await.text).unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(&jwks.keys[0]).unwrap();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
    validation.set_audience(&["rolecall"]);
    jsonwebtoken::decode::<Value>(&ada.access, &key, &validation).unwrap();
    let discovery = app.get("/.well-known/openid-configuration").await.json();
    assert_eq!(discovery["id_token_signing_alg_values_supported"], json!(["EdDSA"]));
    let next = ada.refreshed().await;
    next.get("/me").await.expect(200);
}

#[tokio::test]
async fn without_its_signing_key_a_login_is_503_and_never_unsigned() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let app =
        TestApp::start(Options { data, registration: Some("open".to_owned()), ..options() }).await;
    let ada = app.signed_in("ada").await;
    let the_one = |kind: &str| {
        let folder = std::fs::read_dir(folder.path().join("keys").join(kind)).unwrap();
        let files: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files[0].clone()
    };
    let signing = folder.path().join(format!("keys/signing/{}.key", kid(&ada)));
    let login = json!({ "email": "ada@example.com", "password": PASSWORD }).to_string();
    for path in [signing, the_one("server"), the_one("passwords")] {
        let secret = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let request =
            http::Request::post("/api/v1/auth/token").header("content-type", "application/json");
        let response = in_process(&app)
            .response("POST /api/v1/auth/token", request.body(login.clone().into()).unwrap())
            .await;
        assert_eq!(response.status().as_u16(), 503, "{}", path.display());
        assert!(
            !String::from_utf8_lossy(response.body()).contains("key"),
            "it says no more than that it is unavailable"
        );
        std::fs::write(&path, secret).unwrap();
    }
}

fn server_key(token: &str) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix("rcr_").unwrap()).unwrap();
    bytes[36..40].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn two_server_keys_live_at_most_and_what_the_last_one_made_goes_on_working() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let first = server_key(&ada.refresh);
    assert!(!rotate(&app, json!({})).await.to_string().contains("server/"), "it is not of age");
    app.advance(31 * 86_400).await;
    let run = rotate(&app, json!({})).await;
    let is_server = |name: &&Value| name.as_str().unwrap().starts_with("server/");
    let made: Vec<_> = run.list_of("published").iter().filter(is_server).collect();
    assert_eq!(made.len(), 1, "{run}");
    let second = made[0].as_str().unwrap()["server/".len()..].to_owned();
    let before = app.sign_in("ada").actor().await;
    assert_eq!(server_key(&before.refresh), first, "listed, and not making yet");
    app.advance(3 * 3600 + 60).await;
    let after = before.refreshed().await;
    assert_eq!(server_key(&after.refresh), second);
    assert!(!rotate(&app, json!({})).await.to_string().contains("server/"), "two live");
    app.advance(85 * 86_400).await;
    rotate(&app, json!({})).await;
    app.advance(6 * 86_400).await;
    let run = rotate(&app, json!({})).await;
    assert!(run.list_of("removed").contains(&json!(format!("server/{first}"))), "{run}");
}

#[tokio::test]
async fn a_dropped_server_key_takes_its_refresh_tokens_with_it_at_once() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let run = rotate(&app, json!({ "drop": "server" })).await;
    assert_eq!(run["removed"], json!([format!("server/{}", server_key(&ada.refresh))]));
    app.refresh(&ada.refresh).await.expect_problem(401, "invalid_token");
    let again = app.sign_in("ada").actor().await;
    assert_ne!(server_key(&again.refresh), server_key(&ada.refresh));
    again.refreshed().await.get("/me").await.expect(200);
    for unknown in ["server/00000000", "server/", "servers", "passwords"] {
        let input = json!({ "time": "2026-11-23T09:30:00Z", "drop": unknown });
        app.post("/_local/schedule/rotate_keys", input).await.expect(502);
    }
}

#[tokio::test]
async fn a_stack_from_before_keys_had_ids_goes_on_and_its_key_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("keys")).unwrap();
    let key = base64::engine::general_purpose::STANDARD.encode([7; 32]);
    std::fs::write(folder.path().join("keys/server.key"), key).unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let app =
        TestApp::start(Options { data, registration: Some("open".to_owned()), ..options() }).await;
    let ada = app.signed_in("ada").await;
    assert_eq!(server_key(&ada.refresh), "00000000");
    // As it was given out then: without the id.
    let mut bytes = URL_SAFE_NO_PAD.decode(&ada.refresh[4..]).unwrap();
    bytes.drain(36..40);
    let of_before = format!("rcr_{}", URL_SAFE_NO_PAD.encode(bytes));
    let run = rotate(&app, json!({})).await;
    assert!(run.list_of("published").iter().any(|name| name.as_str().unwrap().contains("server/")));
    app.advance(3 * 3600 + 60).await;
    let next = app.refresh(&of_before).await.expect(200).text_of("refresh");
    assert_ne!(server_key(&next), "00000000");
}
