//! What is odd about an event: HEAD, cookies, raw characters, forwarded headers.

use rolecall_domain::clock::{Clock, SystemClock};
use rolecall_local::{Data, Options, gateway};
use serde_json::{Value, json};

use crate::support::{
    Actor, InProcess, Json, TestApp, binaries, in_process, options, raw, runtime_api::Function,
};

struct Hosts {
    app: TestApp,
    here: InProcess,
    ada: Actor,
}

impl Hosts {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap().keep();
        let registration = Some("open".to_owned());
        let app =
            TestApp::start(Options { data: Data::Folder(folder), registration, ..options() }).await;
        let (here, ada) = (in_process(&app), app.signed_in("ada").await);
        Self { app, here, ada }
    }

    async fn function(&self, name: &str) -> Function {
        Function::start(&binaries::debug(name), self.app.stack.environment()).await
    }

    fn event(&self, method: &str, path: &str) -> Value {
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.ada.access))
            .header("cookie", "a=b; c=\"d\"")
            .header("x-request-id", "same")
            .body(bytes::Bytes::new())
            .unwrap();
        let route = format!("{method} {path}");
        gateway::event(&request, &route, "127.0.0.1", "id", SystemClock.now())
    }
}

/// Status, body, and the headers that say what it is.
fn told(payload: &Value) -> [Value; 4] {
    let header = |name| payload["headers"][name].clone();
    [
        payload["statusCode"].clone(),
        payload["body"].clone(),
        header("content-type"),
        header("content-length"),
    ]
}

#[tokio::test]
async fn head_is_get_without_its_body_in_all_three_hosts() {
    let hosts = Hosts::new().await;
    for (name, path) in [
        ("get_me", "/api/v1/me"),
        ("healthz", "/healthz"),
        ("get_openapi_document", "/openapi.json"),
    ] {
        let get = hosts.ada.get(path).await.expect(200);
        let head = hosts.ada.request(http::Method::HEAD, path).await.expect(200);
        let told_by_get = (get.header("content-type"), get.header("content-length"));
        assert_eq!((head.header("content-type"), head.header("content-length")), told_by_get);
        let event = hosts.event("HEAD", path);
        let here = told(&hosts.here.payload(event.clone()).await);
        let expected = [json!(200), json!(""), json!(told_by_get.0), json!(told_by_get.1)];
        assert_eq!(here, expected, "{path}");
        assert_eq!(told(&hosts.function(name).await.invoke(event).await), expected, "{path}");
    }
    hosts.app.request(http::Method::HEAD, "/nowhere").await.expect(404);
    hosts.app.request(http::Method::HEAD, "/auth/token").await.expect(405);
    let refused = hosts.app.request(http::Method::PUT, "/me").await.expect(405);
    assert_eq!(refused.header("allow"), "DELETE, GET, PATCH, HEAD");
}

#[tokio::test]
async fn raw_characters_and_odd_headers_get_an_answer_and_the_same_one() {
    let hosts = Hosts::new().await;
    let mut functions = [hosts.function("get_me").await, hosts.function("healthz").await];
    for odd in ["\"", "<", " ", "a b=\"<>\"", "%", "%zz", "%FF", "\u{1}", "\u{e9}", "#", "`{}|\\^"]
    {
        for (path, function) in ["/api/v1/me", "/healthz"].into_iter().zip(&mut functions) {
            let mut event = hosts.event("GET", path);
            event["rawQueryString"] = json!(odd);
            let here = told(&hosts.here.payload(event.clone()).await);
            let is_strict = path.starts_with("/api/v1");
            assert_eq!(here[0], if is_strict { 422 } else { 200 }, "{path} {odd:?}: {here:?}");
            assert_eq!(told(&function.invoke(event.clone()).await), here, "{path} {odd:?}");
            event["rawQueryString"] = json!("");
            for name in ["host", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port"] {
                event["headers"][name] = json!(odd);
            }
            event["requestContext"]["domainName"] = json!(odd);
            assert_eq!(told(&function.invoke(event).await)[0], 200, "{path} {odd:?}");
        }
    }
    let url = hosts.app.stack.url();
    for (line, headers) in [
        ("GET /healthz?\"", vec![]),
        ("GET /healthz?<", vec![]),
        ("GET /health z", vec![]),
        ("GET /healthz", vec![("Host", "a\"b<c d")]),
        ("GET /healthz", vec![("X-Forwarded-Proto", "\"<"), ("X-Forwarded-Host", "a b")]),
        ("GET http://[/healthz", vec![]),
    ] {
        let (status, _) = raw::send(&url, line, &headers).await;
        assert!([200, 400, 404].contains(&status), "{line} {headers:?}: {status}");
    }
    hosts.app.get("/healthz").await.expect(200);
}

#[tokio::test]
async fn a_function_whose_extension_breaks_ends() {
    let hosts = Hosts::new().await;
    let mut function = hosts.function("get_me").await;
    let event = hosts.event("GET", "/api/v1/me");
    assert_eq!(function.invoke(event.clone()).await["statusCode"], 200);
    function.frozen(1).await;
    assert_eq!(function.ended_with_its_extension(event).await.code(), Some(1));
    let log = function.log();
    assert_eq!(log.last().unwrap().text_of("level"), "ERROR", "{log:?}");
}

#[tokio::test]
async fn a_bug_is_one_line_of_the_log_that_a_person_can_read() {
    let hosts = Hosts::new().await;
    let mut environment = hosts.app.stack.environment().to_vec();
    environment.retain(|(name, _)| *name != "ROLECALL_TABLE");
    environment.push(("ROLECALL_TABLE", "nowhere".to_owned()));
    let mut function = Function::start(&binaries::debug("get_signing_keys"), &environment).await;
    let event = hosts.event("GET", "/.well-known/jwks.json");
    assert_eq!(function.invoke(event).await["statusCode"], 500);
    let log = function.log();
    let errors: Vec<&Value> = log.iter().filter(|line| line["level"] == "ERROR").collect();
    let [line] = errors.as_slice() else { panic!("{log:?}") };
    let cause = line.text_of("cause");
    assert!(cause.contains("ResourceNotFoundException"), "{cause}");
    assert!(cause.len() < 400 && !cause.contains("Response {"), "{cause}");
}
