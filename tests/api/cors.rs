use http::Method;
use rolecall_local::Options;

use crate::support::{Json, TestApp, document, options, resolved};

const VITE: &str = "http://localhost:5173";

/// Values of a header that is a list, in lower case.
fn listed(value: &str) -> Vec<String> {
    value.split(',').map(|one| one.trim().to_ascii_lowercase()).collect()
}

#[tokio::test]
async fn a_page_of_this_machine_may_send_every_method_and_header_that_the_document_has() {
    let app = TestApp::open().await;
    for (path, operations) in document().at("paths").as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let wanted = operation["parameters"].as_array().unwrap().iter();
            let wanted = wanted.filter(|one| one["in"] == "header").map(|one| one.text_of("name"));
            let method = method.to_ascii_uppercase();
            let response = app
                .request(Method::OPTIONS, &app.url(path))
                .header("Origin", VITE)
                .header("Access-Control-Request-Method", method.as_str())
                .await
                .expect(204);
            assert_eq!(response.header("access-control-allow-origin"), VITE);
            assert!(
                listed(response.header("access-control-allow-methods"))
                    .contains(&method.to_ascii_lowercase())
            );
            let allowed = listed(response.header("access-control-allow-headers"));
            for name in wanted.chain(["Authorization", "Content-Type"]) {
                assert!(allowed.contains(&name.to_ascii_lowercase()), "{method} {path}: {name}");
            }
        }
    }
}

#[tokio::test]
async fn a_page_reads_every_header_of_an_answer_that_the_document_has() {
    let app = TestApp::open().await;
    let response = app.get("/me").header("Origin", VITE).await.expect(401);
    assert_eq!(response.header("access-control-allow-origin"), VITE);
    assert_eq!(response.header("vary"), "origin");
    let exposed = listed(response.header("access-control-expose-headers"));
    for operation in document().at("paths").as_object().unwrap().values() {
        for response in operation.as_object().unwrap().values().map(|one| one.at("responses")) {
            for response in response.as_object().unwrap().values().map(resolved) {
                for name in response["headers"].as_object().into_iter().flat_map(|all| all.keys()) {
                    assert!(exposed.contains(&name.to_ascii_lowercase()), "{name}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_page_from_elsewhere_may_call_where_the_setting_names_its_origin_and_nowhere_else() {
    let ours = "https://app.example.com";
    let settings = vec![("ROLECALL_CORS_ORIGINS", format!("{ours},https://b.example.com"))];
    let app = TestApp::start(Options { settings, ..options() }).await;
    for (origin, is_allowed) in [
        (ours, true),
        ("https://app.example.com.evil.example", false),
        ("http://app.example.com", false),
        ("null", false),
    ] {
        let preflight = app
            .request(Method::OPTIONS, "/me")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "GET")
            .await;
        let response = app.get("/me").header("Origin", origin).await.expect(401);
        for response in [&preflight, &response] {
            let allowed = response.header("access-control-allow-origin");
            assert_eq!(allowed == origin, is_allowed, "{origin}: {response:?}");
        }
        assert_eq!(preflight.status, if is_allowed { 204 } else { 405 });
    }
}
