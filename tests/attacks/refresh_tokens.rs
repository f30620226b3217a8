use futures::{StreamExt, future::join_all, stream};
use rolecall_domain::{
    account::AccountStatus,
    clock::{Clock, SignedDuration, SystemClock},
    ids::UserId,
    ports::SessionStore,
    session::RefreshToken,
};
use rolecall_local::{Data, Options};
use serde_json::json;

use crate::{
    contracts::{pending_events, sessions, store_of},
    support::{Actor, Json, TestApp, both, flaky_proxy::FlakyProxy, in_process, options},
};

#[tokio::test]
async fn attack_22_fifty_uses_at_once_get_one_successor() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let all = join_all((0..50).map(|_| first.refreshed())).await;
    let next = &all[0];
    assert!(all.iter().all(|one| (&one.refresh, &one.access) == (&next.refresh, &next.access)));
    assert_ne!(next.refresh, first.refresh);
    next.get("/me").await.expect(200);
    app.refresh(&next.refresh).await.expect(200);
}

/// The session is dead, recorded as critical, and the owner is told: once.
pub(crate) async fn assert_theft(app: &TestApp, old: &Actor, living: &Actor) {
    for _ in 0..2 {
        app.refresh(&old.refresh).await.expect_problem(401, "invalid_token");
    }
    living.get("/me").await.expect_problem(401, "unauthenticated");
    app.refresh(&living.refresh).await.expect_problem(401, "invalid_token");
    let activity = &app.activities("authn_token_reuse", 1).await[0];
    assert_eq!(
        (&activity["severity"]["S"], &activity["category"]["S"]),
        (&json!("critical"), &json!("security"))
    );
    assert_eq!(
        app.mails("ada@example.com", 1).await[0]["subject"],
        "Rolecall signed a device out of your account"
    );
}

#[tokio::test]
async fn attack_23_a_used_token_after_its_successor_was_used_and_the_grace_ends_the_session() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let second = first.refreshed().await;
    second.get("/me").await.expect(200);
    app.advance(11).await;
    assert_theft(&app, &first, &second).await;
    let details = &app.activities("authn_token_reuse", 1).await[0]["details"]["S"];
    assert!(details.as_str().unwrap().contains(r#""seconds_since_rotation":1"#), "{details}");
}

#[tokio::test]
async fn attack_24_a_lost_answer_is_given_again() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let lost = first.refreshed().await;
    let again = first.refreshed().await;
    assert_eq!((&lost.refresh, &lost.access), (&again.refresh, &again.access));
    app.refresh(&again.refresh).await.expect(200);
}

#[tokio::test]
async fn attack_79_two_tabs_go_on_with_one_token_and_after_the_grace_it_is_theft() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let one = first.refreshed().await;
    one.get("/me").await.expect(200);
    app.advance(9).await;
    let other = first.refreshed().await;
    assert_eq!((&one.refresh, &one.access), (&other.refresh, &other.access));
    one.get("/me").await.expect(200);
    other.get("/me").await.expect(200);
    // Both tabs go on from there, and again at the same time.
    let next = join_all([one.refreshed(), other.refreshed(), one.refreshed()]).await;
    assert!(next.iter().all(|tab| tab.refresh == next[0].refresh));
    next[0].get("/me").await.expect(200);
    app.advance(11).await;
    assert_theft(&app, &other, &next[0]).await;
}

#[tokio::test]
async fn attack_25_the_grandparent_within_a_second_ends_the_session() {
    let app = TestApp::open().await;
    let a = app.signed_in("ada").await;
    let b = a.refreshed().await;
    let c = b.refreshed().await;
    assert_theft(&app, &a, &c).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_26_a_thousand_times_nothing_works_after_a_revoke_that_raced_a_refresh() {
    // In five parts: the embedded database's stream slows its writes down as it grows.
    let mut outcomes = Vec::new();
    for _ in 0..5 {
        outcomes.extend(races(200).await);
    }
    assert!(outcomes.len() == 1000 && outcomes.iter().all(|status| [200, 401].contains(status)));
    let won = outcomes.iter().filter(|status| **status == 200).count();
    assert!((1..1000).contains(&won), "the race was one: {won} refreshes came first");
}

/// The outcome of each refresh that raced a revoke, once nothing worked any more.
async fn races(rounds: u32) -> Vec<u16> {
    // Keys in a folder, so that this test can make tokens, and a table in memory: a thousand rounds
    // on disk take a minute.
    let (folder, mut memory) = (tempfile::tempdir().unwrap(), TestApp::open().await);
    let data = Data::Folder(folder.path().to_owned());
    let dynamodb_endpoint = Some(memory.stack.dynamodb_endpoint().to_owned());
    let table = format!("{}-26", options().table);
    let registration = Some("open".to_owned());
    let mut app =
        TestApp::start(Options { data, registration, dynamodb_endpoint, table, ..options() }).await;
    // Nobody looks at mails or activities here.
    memory.stack.stop_background().await;
    app.stack.stop_background().await;
    let user_id: UserId = app.signed_in("ada").await.id.parse().unwrap();
    let (store, host) = (store_of(&app), in_process(&app));
    let round = async |_: u32| {
        // A session as a login makes it, without the hashing.
        let session = sessions::session(user_id, SystemClock.now());
        store.start_session(&session, &pending_events()).await.unwrap();
        let token =
            RefreshToken { user_id, session_id: session.id, generation: 0, organization: None };
        let token = token.issue(&host.ports(), session.rotated_at).await.unwrap();
        let body = json!({ "refresh": token });
        let (raced, revoked) =
            both(app.refresh(&token), app.post("/auth/token/revoke", body)).await;
        revoked.expect(204);
        if raced.status == 200 {
            let next = raced.text_of("refresh");
            app.refresh(&next).await.expect_problem(401, "invalid_token");
            let access = raced.text_of("access");
            app.get("/me").bearer(&access).await.expect_problem(401, "unauthenticated");
        } else {
            app.refresh(&token).await.expect_problem(401, "invalid_token");
        }
        raced.status
    };
    stream::iter(0..rounds).map(round).buffer_unordered(8).collect().await
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
        let who = app.signed_in(name).await;
        app.alter(name, |user| {
            user.status = status;
            user.locked_until =
                is_locked.then(|| SystemClock.now() + SignedDuration::from_hours(1));
        })
        .await;
        who.get("/me").await.expect_problem(401, "unauthenticated");
        app.refresh(&who.refresh).await.expect_problem(401, "invalid_token");
        app.refresh(&who.refresh).await.expect_problem(401, "invalid_token");
    }
}

#[tokio::test]
async fn attack_28_a_session_ends_thirty_days_after_its_login() {
    let app = TestApp::open().await;
    let mut ada = app.signed_in("ada").await;
    let mut gone = 0;
    for _ in 0..5 {
        app.advance(5 * 24 * 3600 + 80_000).await;
        gone += 5 * 24 * 3600 + 80_000;
        ada = ada.refreshed().await;
    }
    let left = ada.pair.count_of("refresh_expires_in");
    let end = 30 * 24 * 3600;
    // The test itself takes a few seconds.
    assert!((end - 60..=end).contains(&(gone + left)), "{gone} s went by, {left} s are left");
    assert!(ada.pair.count_of("expires_in") <= left, "no access token outlives its session");
    app.advance(u32::try_from(left).unwrap() + 1).await;
    app.refresh(&ada.refresh).await.expect_problem(401, "invalid_token");
    ada.get("/me").await.expect_problem(401, "unauthenticated");
    app.activities("session_use_after_expire", 1).await;
}

#[tokio::test]
async fn attack_29_a_revoke_that_the_store_did_not_take_is_503() {
    let database = TestApp::open().await;
    let mut proxy = FlakyProxy::to(database.stack.dynamodb_endpoint()).await;
    let table = format!("{}-29", options().table);
    let (registration, dynamodb_endpoint) = (Some("open".to_owned()), Some(proxy.url.clone()));
    let app = TestApp::start(Options { registration, dynamodb_endpoint, table, ..options() }).await;
    let ada = app.signed_in("ada").await;
    let body = json!({ "refresh": ada.refresh });
    proxy.cut().await;
    let response = app.post("/auth/token/revoke", &body).await.expect_problem(503, "unavailable");
    assert_eq!(response.header("retry-after"), "1");
    app.refresh(&ada.refresh).await.expect_problem(503, "unavailable");
}
