use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn fifty_at_once_all_get_the_same_successor() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let answers = join_all((0..50).map(|_| app.refresh(&first["refresh"]))).await;
    let pairs: Vec<Value> = answers.into_iter().map(|answer| answer.expect(200).json()).collect();
    for pair in &pairs {
        assert_eq!((&pair["refresh"], &pair["access"]), (&pairs[0]["refresh"], &pairs[0]["access"]));
    }
    assert_ne!(pairs[0]["refresh"], first["refresh"]);
    app.me(&pairs[0]["access"]).await.expect(200);
    app.refresh(&pairs[0]["refresh"]).await.expect(200);
}

#[tokio::test]
async fn a_lost_answer_is_given_again_within_a_minute() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let lost = app.refresh(&first["refresh"]).await.expect(200).json();
    app.advance(59).await;
    let again = app.refresh(&first["refresh"]).await.expect(200).json();
    assert_eq!((&lost["refresh"], &lost["access"]), (&again["refresh"], &again["access"]));
}

/// The session is dead, the owner is told, and telling is done once.
async fn assert_theft(app: &TestApp, old: &Value, living: &Value) {
    app.refresh(old).await.expect_problem(401, "invalid_token");
    app.me(&living["access"]).await.expect_problem(401, "unauthenticated");
    app.refresh(&living["refresh"]).await.expect_problem(401, "invalid_token");
    app.refresh(old).await.expect_problem(401, "invalid_token");
    let mails = app.mails("ada@example.com", 1).await;
    assert_eq!(mails[0]["subject"], "We signed a device out of your account");
}

#[tokio::test]
async fn a_used_token_after_a_minute_ends_the_session() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let second = app.refresh(&first["refresh"]).await.expect(200).json();
    app.advance(61).await;
    assert_theft(&app, &first["refresh"], &second).await;
}

#[tokio::test]
async fn a_used_token_after_its_successors_access_token_was_used_ends_the_session() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let second = app.refresh(&first["refresh"]).await.expect(200).json();
    app.me(&second["access"]).await.expect(200);
    assert_theft(&app, &first["refresh"], &second).await;
}

#[tokio::test]
async fn a_token_two_generations_old_ends_the_session_at_once() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let second = app.refresh(&first["refresh"]).await.expect(200).json();
    let third = app.refresh(&second["refresh"]).await.expect(200).json();
    assert_theft(&app, &first["refresh"], &third).await;
}

#[tokio::test]
async fn an_old_access_token_goes_on_working_and_does_not_count_as_the_successors_use() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let second = app.refresh(&first["refresh"]).await.expect(200).json();
    app.me(&first["access"]).await.expect(200);
    assert_eq!(app.refresh(&first["refresh"]).await.expect(200).json()["refresh"], second["refresh"]);
}

#[tokio::test]
async fn a_refresh_token_is_over_after_seven_days_without_use_and_a_session_after_thirty() {
    let app = TestApp::open().await;
    let idle = app.signed_in("ada").await;
    let mut pair = app.signed_in("grace").await;
    for _ in 0..4 {
        app.advance(7 * 86_400 - 60).await;
        pair = app.refresh(&pair["refresh"]).await.expect(200).json();
    }
    app.refresh(&idle["refresh"]).await.expect_problem(401, "invalid_token");
    let left = pair["refresh_expires_in"].as_i64().unwrap();
    assert!((2 * 86_400..=2 * 86_400 + 300).contains(&left), "the last token ends with the session: {left}");
    app.advance(2 * 86_400 + 300).await;
    app.refresh(&pair["refresh"]).await.expect_problem(401, "invalid_token");
}

#[tokio::test]
async fn what_this_server_did_not_make_is_no_token() {
    let app = TestApp::open().await;
    let pair = app.signed_in("ada").await;
    let token = pair["refresh"].as_str().unwrap();
    let altered = |at: usize| {
        let mut bytes = token.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let foreign = [
        "",
        "rcr_",
        "x",
        &token[4..],
        &altered(6),
        &altered(30),
        &altered(50),
        &altered(70),
        &format!("{token}A"),
        pair["access"].as_str().unwrap(),
    ]
    .map(str::to_owned);
    for text in foreign {
        app.refresh(&json!(text)).await.expect_problem(401, "invalid_token");
    }
    app.refresh(&pair["refresh"]).await.expect(200);
}
