use serde_json::json;

use crate::support::{TestApp, both};

const PATH: &str = "/auth/token/revoke";

#[tokio::test]
async fn the_session_of_the_token_ends_and_no_other() {
    let app = TestApp::open().await;
    let first = app.signed_in("ada").await;
    let second = app.sign_in("ada").actor().await;
    app.post(PATH, json!({ "refresh": first.refresh })).await.expect(204);
    first.get("/me").await.expect_problem(401, "unauthenticated");
    app.refresh(&first.refresh).await.expect_problem(401, "invalid_token");
    second.get("/me").await.expect(200);
}

#[tokio::test]
async fn it_is_204_for_every_text_and_again() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    for text in ["", "rcr_", "nonsense", &ada.access, &ada.refresh, &ada.refresh] {
        app.post(PATH, json!({ "refresh": text })).await.expect(204);
    }
}

#[tokio::test]
async fn after_the_204_nothing_works_whatever_raced() {
    let app = TestApp::open().await;
    let mut ada = app.signed_in("ada").await;
    for _ in 0..25 {
        let body = json!({ "refresh": ada.refresh });
        let (refreshed, revoked) = both(app.refresh(&ada.refresh), app.post(PATH, body)).await;
        revoked.expect(204);
        ada.get("/me").await.expect(401);
        app.refresh(&ada.refresh).await.expect(401);
        if refreshed.status == 200 {
            app.get("/me").bearer(&refreshed.text_of("access")).await.expect(401);
            app.refresh(&refreshed.text_of("refresh")).await.expect(401);
        }
        ada = app.sign_in("ada").actor().await;
    }
}
