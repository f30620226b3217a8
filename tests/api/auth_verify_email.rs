use serde_json::json;

use crate::support::{TestApp, person};

const PATH: &str = "/auth/verify-email";

#[tokio::test]
async fn a_token_works_once() {
    let app = TestApp::new().await;
    app.post("/auth/register", person("ada")).await.expect(202);
    let token = json!({ "token": app.mailed_token("ada@example.com", 1).await });
    app.post(PATH, &token).await.expect(204);
    app.post(PATH, &token).await.expect_problem(400, "invalid_token");
}

#[tokio::test]
async fn a_token_is_over_after_24_hours_even_when_it_is_still_stored() {
    let app = TestApp::new().await;
    app.post("/auth/register", person("ada")).await.expect(202);
    let token = json!({ "token": app.mailed_token("ada@example.com", 1).await });
    app.advance(24 * 3600).await;
    app.post(PATH, &token).await.expect_problem(400, "invalid_token");
    app.sign_in("ada").await.expect_problem(401, "invalid_credentials");
}

#[tokio::test]
async fn what_was_never_a_token_is_no_token() {
    let app = TestApp::new().await;
    for token in ["", "x", "../../etc/passwd", "SIGNUP#x", &"A".repeat(43), &"A".repeat(60_000)] {
        app.post(PATH, json!({ "token": token })).await.expect_problem(400, "invalid_token");
    }
}
