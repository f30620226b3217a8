use serde_json::json;

use crate::support::{Actor, Json, TestApp, at_once};

const PATH: &str = "/me";

#[tokio::test]
async fn a_patch_changes_what_it_names_and_null_clears() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let changed = ada
        .patch(
            PATH,
            json!({ "first_name": " Ada ", "bio": "Two\nlines", "phone_number": "+41446681800" }),
        )
        .await
        .expect(200);
    assert_eq!((changed.header("etag"), changed.text_of("first_name").as_str()), ("\"2\"", "Ada"));
    let cleared = ada.patch(PATH, json!({ "bio": null })).await.expect(200);
    assert_eq!(
        (&cleared.json()["bio"], &cleared.json()["phone_number"]),
        (&json!(null), &json!("+41446681800"))
    );
    let read = ada.get(PATH).await.expect(200);
    assert_eq!(
        (read.text, read.headers["etag"].clone()),
        (cleared.text, cleared.headers["etag"].clone())
    );
    // The copy that signing in reads followed.
    assert_eq!(app.sign_in("ada").await.expect(200).json()["user"]["first_name"], "Ada");
}

#[tokio::test]
async fn a_stale_if_match_changes_nothing() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let patch = |version: &'static str, name: &'static str| {
        ada.patch(PATH, json!({ "first_name": name })).header("If-Match", version)
    };
    patch("\"1\"", "First").await.expect(200);
    patch("\"1\"", "Second").await.expect_problem(412, "stale");
    patch("W/\"2\"", "Third").await.expect_problem(412, "stale");
    assert_eq!(ada.get(PATH).await.json()["first_name"], "First");
    patch("*", "Fourth").await.expect(200);
}

#[tokio::test]
async fn of_changes_at_once_that_name_no_version_none_is_lost() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let bodies: Vec<_> = (0..8).map(|n| json!({ "first_name": format!("Name{n}") })).collect();
    let responses = at_once(bodies.iter().map(|body| ada.patch(PATH, body))).await;
    assert!(responses.iter().all(|response| response.status == 200), "{responses:?}");
    assert_eq!(ada.get(PATH).await.header("etag"), "\"9\"");
}

#[tokio::test]
async fn nothing_but_the_profile_can_be_set() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let before = ada.get(PATH).await.text;
    for field in [
        "role",
        "status",
        "level",
        "is_superuser",
        "email_verified",
        "password_hash",
        "organization",
        "email",
        "username",
        "id",
    ] {
        let response = ada.patch(PATH, json!({ field: "x", "first_name": "New" })).await;
        assert_eq!(response.expect(422).wrong_fields(), [format!("{field}: unknown_field")]);
    }
    assert_eq!(ada.get(PATH).await.text, before);
}

#[tokio::test]
async fn an_access_token_is_over_after_an_hour_on_the_stacks_clock() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    app.advance(3590).await;
    ada.get(PATH).await.expect(200);
    app.advance(11).await;
    ada.get(PATH).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_use_is_noted_once_a_minute_and_at_the_first_use_of_a_new_token() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let writes = async |who: &Actor| {
        who.get(PATH).await.expect(200);
        app.cost_of("GET /api/v1/me").await.number_of("write_units")
    };
    assert_eq!(writes(&ada).await, 0.0);
    app.advance(61).await;
    // The session's own note, and the one that its user was seen.
    assert_eq!((writes(&ada).await, writes(&ada).await), (2.0, 0.0));
    let next = ada.refreshed().await;
    assert_eq!(
        (writes(&next).await, writes(&next).await),
        (1.0, 0.0),
        "seen less than a minute ago"
    );
}
