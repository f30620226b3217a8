use futures::future::join;
use serde_json::json;

use crate::support::TestApp;

const PATH: &str = "/api/v1/auth/token/revoke";

#[tokio::test]
async fn the_session_of_the_token_ends_and_no_other() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let second = app.sign_in("ada").await.expect(200).json();
    app.post(PATH, &json!({ "refresh": first["refresh"] })).await.expect(204);
    app.me(&first["access"]).await.expect_problem(401, "unauthenticated");
    app.refresh(&first["refresh"]).await.expect_problem(401, "invalid_token");
    app.me(&second["access"]).await.expect(200);
}

#[tokio::test]
async fn it_is_204_for_every_text_and_again() {
    let app = TestApp::open().await;
    let pair = app.signed_in("ada").await;
    for text in [
        "",
        "rcr_",
        "nonsense",
        pair["access"].as_str().unwrap(),
        pair["refresh"].as_str().unwrap(),
        pair["refresh"].as_str().unwrap(),
    ] {
        app.post(PATH, &json!({ "refresh": text })).await.expect(204);
    }
}

#[tokio::test]
async fn after_the_204_nothing_works_whatever_raced() {
    let app = TestApp::open().await;
    let mut pair = app.signed_in("ada").await;
    for _ in 0..25 {
        let body = json!({ "refresh": pair["refresh"] });
        let (refreshed, revoked) = join(app.refresh(&pair["refresh"]), app.post(PATH, &body)).await;
        revoked.expect(204);
        app.me(&pair["access"]).await.expect(401);
        app.refresh(&pair["refresh"]).await.expect(401);
        if refreshed.status == 200 {
            let raced = refreshed.json();
            app.me(&raced["access"]).await.expect(401);
            app.refresh(&raced["refresh"]).await.expect(401);
        }
        pair = app.sign_in("ada").await.expect(200).json();
    }
}
