use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{Actor, Json, OTHER_PASSWORD, PASSWORD, TestApp, at_once};

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
    assert_eq!(changed.text_of("first_name"), "Ada");
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
    let first = ada.get(PATH).await.header("etag").to_owned();
    let patch = |version: &str, name: &'static str| {
        ada.patch(PATH, json!({ "first_name": name })).header("If-Match", version)
    };
    let second = patch(&first, "First").await.expect(200).header("etag").to_owned();
    assert_ne!(first, second);
    patch(&first, "Second").await.expect_problem(412, "stale");
    patch(&format!("W/{second}"), "Third").await.expect_problem(412, "stale");
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
    let etags: BTreeSet<&str> = responses.iter().map(|response| response.header("etag")).collect();
    assert_eq!(etags.len(), 8, "each was a change of its own");
    assert!(etags.contains(ada.get(PATH).await.header("etag")));
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

#[tokio::test]
async fn a_username_changes_and_the_old_one_is_free() {
    let app = TestApp::open().await;
    let (ada, grace) = (app.signed_in("ada").await, app.signed_in("grace").await);
    ada.patch(PATH, json!({ "username": "GRACE" })).await.expect_problem(409, "username_taken");
    let changed = ada.patch(PATH, json!({ "username": "countess" })).await.expect(200);
    assert_eq!(changed.text_of("username"), "countess");
    let again = app.sign_in("ada").await.expect(200).json();
    assert_eq!(again["user"]["username"], "countess");
    grace.patch(PATH, json!({ "username": "Ada" })).await.expect(200);
    ada.patch(PATH, json!({ "username": "ada" })).await.expect_problem(409, "username_taken");
    ada.patch(PATH, json!({ "username": "Countess" })).await.expect(200);
    ada.patch(PATH, json!({ "username": null })).await.expect_problem(422, "validation_failed");
    let log = app.activities("user_updated", 3).await;
    let details = serde_json::to_string(&log).unwrap();
    assert!(details.contains("countess"), "{details}");
}

#[tokio::test]
async fn of_changes_of_a_username_at_once_one_wins() {
    let app = TestApp::open().await;
    let mut actors = Vec::new();
    for n in 0..6 {
        actors.push(app.signed_in(&format!("user{n}")).await);
    }
    let body = json!({ "username": "wanted" });
    let responses = at_once(actors.iter().map(|actor| actor.patch(PATH, &body))).await;
    let won = responses.iter().filter(|response| response.status == 200).count();
    let lost = responses.iter().filter(|response| response.status == 409).count();
    assert_eq!((won, lost), (1, 5), "{responses:?}");
}

#[tokio::test]
async fn the_own_account_is_deleted_with_its_password_and_its_sessions_end() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    // Sent after the deletion, the mail of the sign-up would say that the account is not active.
    app.verification_token("ada@example.com").await;
    let wrong = json!({ "current_password": OTHER_PASSWORD });
    let wrong = ada.delete(PATH).json(wrong).await.expect_problem(422, "validation_failed");
    assert_eq!(wrong.wrong_fields(), ["current_password: wrong_password"]);
    ada.get(PATH).await.expect(200);
    ada.delete(PATH).json(json!({ "current_password": PASSWORD })).await.expect(204);
    ada.get(PATH).await.expect(401);
    app.refresh(&ada.refresh).await.expect(401);
    app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
    let told = &app.mails("ada@example.com", 1).await[0];
    assert_eq!(told["subject"], "Your account at Rolecall was deleted");
    app.activities("user_deleted", 1).await;
    app.activities("user_delete_fail", 1).await;
    // What is left of it says whom to ask.
    app.post("/auth/password-reset", json!({ "email": "ada@example.com" })).await.expect(202);
    let told = &app.mails("ada@example.com", 2).await[0];
    assert_eq!(told["subject"], "Your account at Rolecall is not active");
}

#[tokio::test]
async fn the_last_super_admin_stays() {
    let app = TestApp::with_admin("open").await;
    let admin = app.admin().await;
    let body = json!({ "current_password": PASSWORD });
    admin.delete(PATH).json(body).await.expect_problem(409, "last_super_admin");
    admin.get(PATH).await.expect(200);
}
