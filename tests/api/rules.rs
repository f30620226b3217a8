//! The rules that hold on every route, each on one route; `coverage` holds them against all.

use reqwest::Method;
use serde_json::json;

use crate::support::{PASSWORD, TestApp, person};

const REGISTER: &str = "/auth/register";

#[tokio::test]
async fn a_request_id_is_echoed_or_made() {
    let app = TestApp::open().await;
    let with = |id: &'static str| app.get(&app.url("/nothing")).header("X-Request-Id", id);
    let echoed = with("trace-17").await.expect_problem(404, "not_found");
    assert_eq!(
        (echoed.header("x-request-id"), echoed.text_of("instance").as_str()),
        ("trace-17", "trace-17")
    );
    for unfit in ["with blank", &"x".repeat(129), ""] {
        let response = with(unfit.to_owned().leak()).await.expect(404);
        assert_eq!(response.header("x-request-id"), response.text_of("instance"));
        assert_eq!(response.header("x-request-id").len(), 36, "{unfit}");
    }
}

#[tokio::test]
async fn media_type_syntax_and_size_each_have_their_answer() {
    let app = TestApp::open().await;
    let send = |media: &'static str, body: String| {
        app.post(REGISTER, ()).header("content-type", media).body(body)
    };
    send("text/plain", "{}".into()).await.expect_problem(415, "unsupported_media_type");
    send("application/x-www-form-urlencoded", "email=a".into())
        .await
        .expect_problem(415, "unsupported_media_type");
    send("application/json", "{".into()).await.expect_problem(400, "malformed_json");
    send("application/json", r#"{"email":"a@b.example","email":"c@d.example"}"#.into())
        .await
        .expect_problem(400, "malformed_json");
    send("application/json", r#"{"email":1e400}"#.into())
        .await
        .expect_problem(400, "malformed_json");
    send("application/json", r#"{"email":"\ud800"}"#.into())
        .await
        .expect_problem(400, "malformed_json");
    send("application/json", "[".repeat(10_000)).await.expect_problem(400, "malformed_json");
    send("application/json", "[]".into()).await.expect_problem(422, "validation_failed");
    send("application/json", format!("\"{}\"", "x".repeat(65_535)))
        .await
        .expect_problem(413, "body_too_large");
    send("application/json", format!("\"{}\"", "x".repeat(65_534)))
        .await
        .expect_problem(422, "validation_failed");
    app.post(REGISTER, ()).await.expect_problem(400, "malformed_json");
    let gateways = send("application/json", "x".repeat(11 * 1024 * 1024))
        .await
        .expect_problem(413, "body_too_large");
    assert_eq!(
        (gateways.header("cache-control"), gateways.header("x-request-id").len()),
        ("no-store", 36)
    );
}

#[tokio::test]
async fn a_path_that_nobody_has_is_404_and_a_method_that_is_not_offered_405() {
    let app = TestApp::open().await;
    app.get(&app.url("/nothing")).await.expect_problem(404, "not_found");
    app.get(&app.url("/nothing/at/all")).await.expect_problem(404, "not_found");
    app.get("/me/").await.expect_problem(404, "not_found");
    app.get("/%00").await.expect_problem(404, "not_found");
    let response = app.request(Method::PUT, "/me").await.expect_problem(405, "method_not_allowed");
    assert_eq!(response.header("allow"), "DELETE, GET, PATCH, HEAD");
    let response = app.get(REGISTER).await.expect_problem(405, "method_not_allowed");
    assert_eq!(response.header("allow"), "POST");
}

#[tokio::test]
async fn only_the_gateways_address_is_believed() {
    let app = TestApp::open().await;
    app.post(REGISTER, person("ada")).await.expect(201);
    let ada = app
        .sign_in_from("127.0.0.7", "ada", PASSWORD)
        .header("X-Forwarded-For", "203.0.113.9")
        .actor()
        .await;
    let store = crate::contracts::store_of(&app);
    let record = rolecall_domain::ports::SessionStore::caller(
        &store,
        ada.id.parse().unwrap(),
        Some(ada.session_id.parse().unwrap()),
        None,
    )
    .await
    .unwrap();
    assert_eq!(record.session.unwrap().client.address.as_deref(), Some("127.0.0.7"));
}

#[tokio::test]
async fn a_bearer_is_one_header_of_one_scheme() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    let access = &ada.access;
    let with = |value: String| app.get("/me").header("Authorization", value);
    with(format!("Bearer {access}")).await.expect(200);
    with(format!("bearer {access}")).await.expect(200);
    with(format!("BEARER   {access}")).await.expect(200);
    for wrong in
        [access.to_owned(), format!("Basic {access}"), "Bearer".to_owned(), "Bearer ".to_owned()]
    {
        let response = with(wrong).await.expect_problem(401, "unauthenticated");
        assert_eq!(response.header("www-authenticate"), "Bearer");
    }
    // RFC 6750 §3.1: there is a token, and it is none.
    for wrong in [format!("Bearer {access}, Bearer {access}"), "Bearer x".to_owned()] {
        let response = with(wrong).await.expect_problem(401, "unauthenticated");
        assert_eq!(response.header("www-authenticate"), "Bearer error=\"invalid_token\"");
    }
}

#[tokio::test]
async fn a_store_that_is_away_is_503_with_a_time_to_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let data = rolecall_local::Data::Folder(folder.path().to_owned());
    let options = rolecall_local::Options {
        data,
        registration: Some("open".to_owned()),
        ..crate::support::options()
    };
    let app = TestApp::start(options).await;
    let ada = app.signed_in("ada").await;
    let gone = crate::support::in_process_without_a_store(&app).await;
    let request =
        http::Request::get("/api/v1/me").header("authorization", format!("Bearer {}", ada.access));
    let response =
        gone.response("GET /api/v1/me", request.body(bytes::Bytes::new()).unwrap()).await;
    assert_eq!(
        (response.status().as_u16(), response.headers()["retry-after"].to_str().unwrap()),
        (503, "1")
    );
    let revoke =
        http::Request::post("/api/v1/auth/token/revoke").header("content-type", "application/json");
    let body = json!({ "refresh": ada.refresh }).to_string();
    let response =
        gone.response("POST /api/v1/auth/token/revoke", revoke.body(body.into()).unwrap()).await;
    assert_eq!(response.status().as_u16(), 503);
    assert!(
        !String::from_utf8_lossy(response.body()).contains("127.0.0.1"),
        "no message of the SDK"
    );
}
