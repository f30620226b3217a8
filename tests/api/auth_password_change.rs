use serde_json::json;

use crate::support::{OTHER_PASSWORD, PASSWORD, TestApp, at_once};

const PATH: &str = "/auth/password-change";

#[tokio::test]
async fn a_change_ends_every_other_session_and_tells_the_owner() {
    let app = TestApp::open().await;
    let (one, two) = (app.signed_in("ada").await, app.sign_in("ada").actor().await);
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    one.post(PATH, &body).await.expect(204);
    one.get("/me").await.expect(200);
    app.refresh(&one.refresh).await.expect(200);
    two.get("/me").await.expect_problem(401, "unauthenticated");
    app.refresh(&two.refresh).await.expect_problem(401, "invalid_token");
    app.sign_in("ada").await.expect(401);
    app.sign_in_with("ada", OTHER_PASSWORD).await.expect(200);
    assert_eq!(
        app.mails("ada@example.com", 1).await[0]["subject"],
        "Your password at Rolecall was changed"
    );
    assert_eq!(
        app.activities("authn_password_change", 1).await[0]["session_id"]["S"],
        one.session_id
    );
}

#[tokio::test]
async fn a_wrong_present_password_is_a_wrong_field_and_soon_has_to_wait() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let wrong =
        json!({ "current_password": "granite-harbour-violin-7", "new_password": OTHER_PASSWORD });
    for _ in 0..5 {
        let response = ada.post(PATH, &wrong).await.expect_problem(422, "validation_failed");
        assert_eq!(response.wrong_fields(), ["current_password: wrong_password"]);
    }
    let wait = ada.post(PATH, &wrong).await.expect_problem(429, "too_many_requests");
    let seconds: u32 = wait.header("retry-after").parse().unwrap();
    assert!((1..=6).contains(&seconds), "{seconds}");
    app.activities("authn_password_change_fail", 5).await;
    app.advance(6).await;
    let right = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ada.post(PATH, &right).await.expect(204);
}

#[tokio::test]
async fn the_new_password_is_held_against_the_policy_before_anything_is_hashed() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let body = json!({ "current_password": PASSWORD, "new_password": "Password123!" });
    let response = ada.post(PATH, &body).await.expect(422);
    assert_eq!(response.wrong_fields(), ["new_password: password_too_common"]);
    app.expect_cost("POST /api/v1/auth/password-change", "argon2", 0.0).await;
}

#[tokio::test]
async fn the_present_password_is_no_new_one() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    app.alter("ada", |user| user.must_change_password = true).await;
    let body = json!({ "current_password": PASSWORD, "new_password": PASSWORD });
    let response = ada.post(PATH, &body).await.expect(422);
    assert_eq!(response.wrong_fields(), ["new_password: password_unchanged"]);
    ada.get("/me").await.expect_problem(403, "password_change_required");
}

#[tokio::test]
async fn sixty_guesses_at_once_count_as_if_they_came_one_by_one() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let wrong =
        json!({ "current_password": "granite-harbour-violin-7", "new_password": OTHER_PASSWORD });
    let change =
        json!({ "current_password": "granite-harbour-violin-7", "new_email": "eve@example.com" });
    let guesses = at_once((0..30).map(|_| ada.post(PATH, &wrong)));
    let others = at_once((0..30).map(|_| ada.post("/auth/email-change", &change)));
    let (one, two) = futures::join!(guesses, others);
    let statuses: Vec<u16> = one.iter().chain(&two).map(|response| response.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 5, "{statuses:?}");
    assert!(statuses.iter().all(|status| [422, 429].contains(status)), "{statuses:?}");
}

#[tokio::test]
async fn guesses_that_are_used_up_lock_strangers_out_and_the_owner_is_told() {
    let app = TestApp::with_settings(&[("ROLECALL_LOGIN_LOCK_FAILURES", "5")]).await;
    let mut ada = app.signed_in("ada").await;
    let wrong =
        json!({ "current_password": "granite-harbour-violin-7", "new_password": OTHER_PASSWORD });
    // Twenty as a known device, and then as many as lock as a stranger.
    for _ in 0..25 {
        ada.post(PATH, &wrong).await.expect(422);
        app.advance(15 * 60 + 1).await;
        ada = ada.refreshed().await;
    }
    app.activities("authn_login_lock", 1).await;
    assert_eq!(
        app.mails("ada@example.com", 1).await[0]["subject"],
        "Your account at Rolecall is locked for a while"
    );
}

#[tokio::test]
async fn a_change_of_the_profile_at_the_same_moment_is_no_reason_to_fail() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    let patches =
        at_once((0..5).map(|n| ada.patch("/me", json!({ "first_name": format!("Ada{n}") }))));
    let (changed, patched) = futures::join!(ada.post(PATH, body).into_future(), patches);
    assert_eq!(changed.status, 204);
    assert!(patched.iter().all(|one| [200, 401, 503].contains(&one.status)), "{patched:?}");
}

#[tokio::test]
async fn whoever_must_change_the_password_can_do_that_and_nothing_else() {
    let app = TestApp::open().await;
    app.signed_in("ada").await;
    app.alter("ada", |user| user.must_change_password = true).await;
    let ada = app.sign_in("ada").actor().await;
    assert_eq!(ada.pair["user"]["must_change_password"], true);
    ada.get("/me").await.expect_problem(403, "password_change_required");
    ada.patch("/me", json!({ "first_name": "Ada" }))
        .await
        .expect_problem(403, "password_change_required");
    ada.get("/user-sessions").await.expect_problem(403, "password_change_required");
    let change = json!({ "new_email": "x@example.com", "current_password": PASSWORD });
    ada.post("/auth/email-change", &change).await.expect_problem(403, "password_change_required");
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ada.post(PATH, &body).await.expect(204);
    ada.get("/me").await.expect(200);
}

#[tokio::test]
async fn of_two_changes_at_once_one_wins_and_its_password_holds() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let body = |new: &str| json!({ "current_password": PASSWORD, "new_password": new });
    let wanted = [OTHER_PASSWORD, "granite-harbour-violin-7"];
    let responses = at_once(wanted.map(|new| ada.post(PATH, body(new)))).await;
    let mut statuses = [responses[0].status, responses[1].status];
    let winner = if statuses[0] == 204 { wanted[0] } else { wanted[1] };
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 422]);
    app.sign_in_with("ada", winner).await.expect(200);
}
