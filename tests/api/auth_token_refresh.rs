use crate::{
    attacks::refresh_tokens::assert_theft,
    support::{Json, TestApp},
};

#[tokio::test]
async fn a_lost_answer_is_given_again_within_a_minute() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let lost = first.refreshed().await;
    app.advance(59).await;
    let again = first.refreshed().await;
    assert_eq!((&lost.refresh, &lost.access), (&again.refresh, &again.access));
}

#[tokio::test]
async fn a_used_token_after_a_minute_ends_the_session() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let second = first.refreshed().await;
    app.advance(61).await;
    assert_theft(&app, &first, &second).await;
}

#[tokio::test]
async fn without_a_grace_a_used_successor_is_given_to_nobody_again() {
    let app = TestApp::with_settings(&[("ROLECALL_ROTATION_GRACE_SECONDS", "0")]).await;
    let first = app.signed_in("ada").await;
    let second = first.refreshed().await;
    assert_eq!(first.refreshed().await.refresh, second.refresh, "an answer may be lost");
    second.get("/me").await.expect(200);
    assert_theft(&app, &first, &second).await;
}

#[tokio::test]
async fn an_old_access_token_goes_on_working_and_does_not_count_as_the_successors_use() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let second = first.refreshed().await;
    first.get("/me").await.expect(200);
    assert_eq!(first.refreshed().await.refresh, second.refresh);
}

#[tokio::test]
async fn a_refresh_token_is_over_after_seven_days_without_use_and_a_session_after_thirty() {
    let app = TestApp::open().await;
    let idle = app.signed_in("ada").await;
    let mut grace = app.signed_in("grace").await;
    for _ in 0..4 {
        app.advance(7 * 86_400 - 60).await;
        grace = grace.refreshed().await;
    }
    app.refresh(&idle.refresh).await.expect_problem(401, "invalid_token");
    let left = grace.pair.count_of("refresh_expires_in");
    assert!(
        (2 * 86_400..=2 * 86_400 + 300).contains(&left),
        "the last token ends with the session: {left}"
    );
    app.advance(2 * 86_400 + 300).await;
    app.refresh(&grace.refresh).await.expect_problem(401, "invalid_token");
}

#[tokio::test]
async fn what_this_server_did_not_make_is_no_token() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let token = &ada.refresh;
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
        &ada.access,
    ]
    .map(str::to_owned);
    for text in foreign {
        app.refresh(&text).await.expect_problem(401, "invalid_token");
    }
    app.refresh(&ada.refresh).await.expect(200);
}
