//! That no test leaves a secret in the log is checked when the last client of its stack goes; here,
//! that the check would see one.

use crate::support::{Json, TestApp, person};

#[tokio::test]
async fn a_request_is_one_line_that_parses_back_whatever_it_carries() {
    let app = TestApp::open().await;
    let agent = "x\u{1b}[31m\\n{\"level\":\"error\"}";
    app.post("/auth/register", person("ada"))
        .header("X-Request-Id", "line-4711")
        .header("User-Agent", agent.replace('\u{1b}', ""))
        .await
        .expect(201);
    let log = crate::support::log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("line-4711")).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    let line: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    let fields = &line["fields"];
    assert_eq!(
        (&fields["route"], &fields["status"]),
        (&serde_json::json!("POST /api/v1/auth/register"), &serde_json::json!(201))
    );
    assert!(fields.number_of("duration_ms") > 0.0 && fields.number_of("wru") > 0.0);
}

#[tokio::test]
#[should_panic(expected = "a secret was logged")]
async fn a_secret_in_the_log_would_be_found() {
    let app = TestApp::open().await;
    app.note("a-secret-that-is-logged-on-purpose");
    tracing::warn!(target: "rolecall_http", "a-secret-that-is-logged-on-purpose");
}

#[tokio::test]
#[should_panic(expected = "a secret was logged")]
async fn a_secret_in_the_log_would_be_found_when_somebody_outlives_the_stack() {
    let app = TestApp::open().await;
    let ada = app.signed_in("ada").await;
    app.note("another-secret-that-is-logged-on-purpose");
    tracing::warn!(target: "rolecall_http", "another-secret-that-is-logged-on-purpose");
    drop(app);
    drop(ada);
}
