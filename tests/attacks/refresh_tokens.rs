use futures::{StreamExt, future::join_all, stream};
use rolecall_domain::{
    account::AccountStatus,
    clock::{Clock, SignedDuration, SystemClock},
    ids::{Id, UserId},
    ports::SessionStore,
    rng::SystemRng,
    session::RefreshToken,
};
use rolecall_local::{Data, Options};
use serde_json::{Value, json};

use crate::{
    contracts::{enclosed, sessions, store_of},
    hosts::{in_process, in_process_without_a_store},
    support::{TestApp, options},
};

#[tokio::test]
async fn attack_22_fifty_uses_at_once_get_one_successor() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let answers = join_all((0..50).map(|_| app.refresh(&first["refresh"]))).await;
    let pairs: Vec<Value> = answers.into_iter().map(|answer| answer.expect(200).json()).collect();
    assert!(pairs.iter().all(|pair| (&pair["refresh"], &pair["access"]) == (&pairs[0]["refresh"], &pairs[0]["access"])));
    assert_ne!(pairs[0]["refresh"], first["refresh"]);
    app.me(&pairs[0]["access"]).await.expect(200);
    app.refresh(&pairs[0]["refresh"]).await.expect(200);
}

/// The session is dead, recorded as critical, and the owner is told: once.
pub(crate) async fn assert_theft(app: &TestApp, old: &Value, living: &Value) {
    for _ in 0..2 {
        app.refresh(old).await.expect_problem(401, "invalid_token");
    }
    app.me(&living["access"]).await.expect_problem(401, "unauthenticated");
    app.refresh(&living["refresh"]).await.expect_problem(401, "invalid_token");
    let activity = &app.activities("authn_token_reuse", 1).await[0];
    assert_eq!((&activity["severity"]["S"], &activity["category"]["S"]), (&json!("critical"), &json!("security")));
    assert_eq!(app.mails("ada@example.com", 1).await[0]["subject"], "We signed a device out of your account");
}

#[tokio::test]
async fn attack_23_a_used_token_after_its_successor_was_used_ends_the_session() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let second = app.refresh(&first["refresh"]).await.expect(200).json();
    app.me(&second["access"]).await.expect(200);
    assert_theft(&app, &first["refresh"], &second).await;
}

#[tokio::test]
async fn attack_24_a_lost_answer_is_given_again() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let lost = app.refresh(&first["refresh"]).await.expect(200).json();
    let again = app.refresh(&first["refresh"]).await.expect(200).json();
    assert_eq!((&lost["refresh"], &lost["access"]), (&again["refresh"], &again["access"]));
    app.refresh(&again["refresh"]).await.expect(200);
}

#[tokio::test]
async fn attack_25_the_grandparent_within_a_second_ends_the_session() {
    let app = TestApp::open().await;
    let a = app.signed_in("ada").await;
    let b = app.refresh(&a["refresh"]).await.expect(200).json();
    let c = app.refresh(&b["refresh"]).await.expect(200).json();
    assert_theft(&app, &a["refresh"], &c).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_26_a_thousand_times_nothing_works_after_a_revoke_that_raced_a_refresh() {
    // Keys in a folder, so that this test can make tokens, and a table in memory: a thousand rounds on disk take a minute.
    let (folder, memory) = (tempfile::tempdir().unwrap(), TestApp::open().await);
    let data = Data::Folder(folder.path().to_owned());
    let dynamodb_endpoint = Some(memory.stack.dynamodb_endpoint().to_owned());
    let table = format!("{}-26", options().table);
    let registration = Some("open".to_owned());
    let app = TestApp::start(Options { data, registration, dynamodb_endpoint, table, ..options() }).await;
    let pair = app.signed_in("ada").await;
    let user_id: UserId = pair["user"]["id"].as_str().unwrap().parse().unwrap();
    let (store, host) = (store_of(&app), in_process(&app));
    let round = async |_: u32| {
        // A session as a login makes it, without the hashing.
        let session = sessions::session(user_id, SystemClock.now());
        store.start(&session, &enclosed()).await.unwrap();
        let token = RefreshToken { user_id, session_id: session.id, generation: 0 };
        let token = json!(token.issue(&host.ports()).await.unwrap());
        let body = json!({ "refresh": token });
        let (raced, revoked) = futures::join!(app.refresh(&token), app.post("/api/v1/auth/token/revoke", &body));
        revoked.expect(204);
        if raced.status == 200 {
            let pair = raced.json();
            app.refresh(&pair["refresh"]).await.expect_problem(401, "invalid_token");
            app.me(&pair["access"]).await.expect_problem(401, "unauthenticated");
        }
        app.refresh(&token).await.expect_problem(401, "invalid_token");
        raced.status
    };
    let outcomes: Vec<u16> = stream::iter(0..1000).map(round).buffer_unordered(8).collect().await;
    assert!(outcomes.iter().all(|status| [200, 401].contains(status)));
}

#[tokio::test]
async fn attack_27_nobody_who_may_not_sign_in_refreshes() {
    let app = TestApp::open().await;
    for (name, status, is_locked) in [
        ("sue", AccountStatus::Suspended, false),
        ("dan", AccountStatus::Deleted, false),
        ("ina", AccountStatus::Inactive, false),
        ("lou", AccountStatus::Active, true),
    ] {
        let pair = app.signed_in(name).await;
        app.alter(name, |user| {
            user.status = status;
            user.locked_until = is_locked.then(|| SystemClock.now() + SignedDuration::from_hours(1));
        })
        .await;
        app.me(&pair["access"]).await.expect_problem(401, "unauthenticated");
        app.refresh(&pair["refresh"]).await.expect_problem(401, "invalid_token");
        app.refresh(&pair["refresh"]).await.expect_problem(401, "invalid_token");
    }
    let store = store_of(&app);
    assert_eq!(store.list(Id::new(&SystemClock, &SystemRng), None, 1).await.unwrap(), []);
}

#[tokio::test]
async fn attack_28_a_session_ends_thirty_days_after_its_login() {
    let app = TestApp::open().await;
    let mut pair = app.signed_in("ada").await;
    for _ in 0..5 {
        app.advance(5 * 24 * 3600 + 80_000).await;
        pair = app.refresh(&pair["refresh"]).await.expect(200).json();
    }
    let left = pair["refresh_expires_in"].as_i64().unwrap();
    assert!(left < 7 * 24 * 3600, "{left}");
    app.advance(u32::try_from(left).unwrap() + 1).await;
    app.refresh(&pair["refresh"]).await.expect_problem(401, "invalid_token");
    app.me(&pair["access"]).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn attack_29_a_revoke_that_the_store_did_not_take_is_503() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let app = TestApp::start(Options { data, registration: Some("open".to_owned()), ..options() }).await;
    let pair = app.signed_in("ada").await;
    let gone = in_process_without_a_store(&app).await;
    let request = http::Request::post("/api/v1/auth/token/revoke").header("content-type", "application/json");
    let body = json!({ "refresh": pair["refresh"] }).to_string();
    let answer = gone.answer("POST /api/v1/auth/token/revoke", request.body(body.into()).unwrap()).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (503, "1"));
    app.refresh(&pair["refresh"]).await.expect(200);
}
