use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::{Json, PASSWORD, TestApp, person};

const PATH: &str = "/auth/token";

fn part(token: &str, index: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap())
        .unwrap()
}

#[tokio::test]
async fn a_pair_is_what_the_contract_says() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    assert_eq!(
        (&ada.pair["token_type"], &ada.pair["expires_in"], &ada.pair["refresh_expires_in"]),
        (&json!("Bearer"), &json!(3600), &json!(604_800))
    );
    let (header, claims) = (part(&ada.access, 0), part(&ada.access, 1));
    let jwks = app.get("/.well-known/jwks.json").await.expect(200).json();
    assert_eq!(
        (&header["alg"], &header["typ"], &header["kid"]),
        (&json!("RS256"), &json!("at+jwt"), &jwks["keys"][0]["kid"])
    );
    let mut names: Vec<&String> = claims.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["aud", "client_id", "exp", "iat", "iss", "jti", "sid", "sub"]);
    assert_eq!(
        (&claims["sub"], &claims["sid"], &claims["iss"]),
        (&json!(ada.id), &json!(ada.session_id), &json!(app.stack.issuer()))
    );
    // RFC 9068 §2.2: everybody calls as the same client.
    assert_eq!(claims["client_id"], claims["aud"]);
    assert_eq!(claims.count_of("exp") - claims.count_of("iat"), 3600);
}

#[tokio::test]
async fn the_public_key_checks_the_token_with_a_stock_library() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let jwks: jsonwebtoken::jwk::JwkSet =
        serde_json::from_str(&app.get("/.well-known/jwks.json").await.text).unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(&jwks.keys[0]).unwrap();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.set_audience(&["rolecall"]);
    validation.set_issuer(&[app.stack.issuer()]);
    jsonwebtoken::decode::<Value>(&ada.access, &key, &validation).unwrap();
}

#[tokio::test]
async fn wrong_password_and_unknown_email_are_one_answer_and_cost_one_argon2_each() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    let mut seen = Vec::new();
    for (email, password) in
        [("ada@example.com", "violet-anchor-mosaic-92"), ("nobody@example.com", PASSWORD)]
    {
        let response = app
            .post(PATH, json!({ "email": email, "password": password }))
            .header("X-Request-Id", "same")
            .await
            .expect_problem(401, "invalid_credentials");
        app.expect_cost("POST /api/v1/auth/token", "argon2", 1.0).await;
        let mut names: Vec<String> = response.headers.keys().map(ToString::to_string).collect();
        names.sort();
        seen.push((response.text, names));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn an_organization_that_one_is_no_member_of_is_forbidden() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "organization": "ACME" });
    app.post(PATH, &body).await.expect_problem(403, "forbidden");
    let wrong = json!({ "email": "ada@example.com", "password": "violet-anchor-mosaic-92",
        "organization": "ACME" });
    app.post(PATH, &wrong).await.expect_problem(401, "invalid_credentials");
}

#[tokio::test]
async fn a_password_of_a_megabyte_is_refused_before_any_hashing() {
    let app = TestApp::open().await;
    app.post(PATH, json!({ "email": "a@example.com", "password": "x".repeat(1 << 20) }))
        .await
        .expect_problem(413, "body_too_large");
    let response =
        app.post(PATH, json!({ "email": "a@example.com", "password": "x".repeat(2000) })).await;
    assert_eq!(response.expect(422).wrong_fields(), ["password: password_too_long"]);
    app.expect_cost("POST /api/v1/auth/token", "argon2", 0.0).await;
}
