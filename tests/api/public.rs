use serde_json::json;

use crate::support::{TestApp, document};

#[tokio::test]
async fn health_asks_nothing_of_the_store() {
    let app = TestApp::open().await;
    assert_eq!(app.get("/healthz").await.expect(200).json(), json!({ "status": "ok" }));
    app.expect_cost("GET /healthz", "dynamodb_calls", 0.0).await;
}

#[tokio::test]
async fn the_document_is_the_one_in_the_tree_and_may_be_kept() {
    let app = TestApp::open().await;
    let response = app.get("/openapi.json").await.expect(200);
    assert_eq!(
        (&response.json(), response.header("cache-control")),
        (document(), "public, max-age=300")
    );
    assert_eq!(response.json()["openapi"], "3.1.0");
}

#[tokio::test]
async fn the_public_keys_may_be_kept_and_hold_nothing_private() {
    let app = TestApp::open().await;
    let response = app.get("/.well-known/jwks.json").await.expect(200);
    assert_eq!(response.header("cache-control"), "public, max-age=300");
    let mut names: Vec<String> =
        response.json()["keys"][0].as_object().unwrap().keys().cloned().collect();
    names.sort();
    assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
}

#[tokio::test]
async fn the_metadata_leads_a_stock_authorizer_to_the_keys() {
    let app = TestApp::open().await;
    let metadata = app.get("/.well-known/openid-configuration").await.expect(200);
    assert_eq!(
        (metadata.text_of("issuer"), metadata.header("cache-control")),
        (app.stack.issuer(), "no-store")
    );
    assert_eq!(
        metadata.text_of("jwks_uri"),
        format!("{}/.well-known/jwks.json", app.stack.issuer())
    );
    // What no route speaks is not named.
    let metadata = metadata.json();
    let mut names: Vec<&String> = metadata.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(
        names,
        [
            "grant_types_supported",
            "id_token_signing_alg_values_supported",
            "issuer",
            "jwks_uri",
            "response_types_supported",
            "subject_types_supported"
        ]
    );
    for name in ["response_types_supported", "grant_types_supported"] {
        assert_eq!(metadata[name], json!([]), "{name}");
    }
}
