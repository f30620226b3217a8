//! One request through the three hosts: the local stack, this process, and the real binaries under
//! the Runtime API.

mod events;

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Request;
use rolecall_crypto::{Cost, DirectoryKeys, KeySource};
use rolecall_domain::clock::{Clock, SystemClock};
use rolecall_local::{Data, Options, gateway};
use serde_json::{Value, json};

use crate::support::{
    InProcess, Json, PASSWORD, TestApp, binaries, in_process, options, runtime_api::Function,
};

/// Status, body and headers, without those that the connection adds.
#[derive(Debug, PartialEq)]
struct Seen {
    status: u16,
    body: String,
    headers: BTreeMap<String, String>,
}

impl Seen {
    fn new(status: u16, headers: &http::HeaderMap, body: &[u8]) -> Self {
        let ours = |name: &&http::HeaderName| !["content-length", "date"].contains(&name.as_str());
        let headers = headers
            .keys()
            .filter(ours)
            .map(|name| (name.to_string(), headers[name].to_str().unwrap().to_owned()))
            .collect();
        Self { status, headers, body: String::from_utf8_lossy(body).into_owned() }
    }
}

/// A request and the function that answers it.
struct Case {
    function: &'static str,
    route: &'static str,
    authorization: Option<String>,
    body: Option<Value>,
    status: u16,
}

fn request(case: &Case) -> Request<Bytes> {
    let (method, path) = case.route.split_once(' ').unwrap();
    let mut request =
        Request::builder().method(method).uri(path).header("x-request-id", "same-everywhere");
    if let Some(value) = &case.authorization {
        request = request.header("authorization", value);
    }
    let body = case.body.as_ref().map(|body| Bytes::from(body.to_string())).unwrap_or_default();
    if case.body.is_some() {
        request = request.header("content-type", "application/json");
    }
    request.body(body).unwrap()
}

async fn through_the_stack(app: &TestApp, case: &Case) -> Seen {
    let request = request(case);
    let mut call = app.request(request.method().clone(), request.uri().path());
    for (name, value) in request.headers() {
        call = call.header(name.as_str(), value.clone());
    }
    let response = call.body(request.into_body()).await;
    Seen::new(response.status, &response.headers, response.text.as_bytes())
}

async fn through_this_process(host: &InProcess, case: &Case) -> Seen {
    let response = host.response(case.route, request(case)).await;
    Seen::new(response.status().as_u16(), response.headers(), response.body())
}

async fn through_the_binary(environment: &[(&'static str, String)], case: &Case) -> Seen {
    let mut function = Function::start(&binaries::debug(case.function), environment).await;
    let event =
        gateway::event(&request(case), case.route, "127.0.0.1", "gateway-id", SystemClock.now());
    let response = gateway::response(&function.invoke(event).await).unwrap();
    Seen::new(response.status().as_u16(), response.headers(), response.body())
}

#[tokio::test]
async fn one_request_has_one_answer_in_all_three_hosts() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let app =
        TestApp::start(Options { data, registration: Some("open".to_owned()), ..options() }).await;
    let environment = app.stack.environment();
    let here = in_process(&app);
    let ada = app.signed_in("ada").await;
    let bearer = Some(format!("Bearer {}", ada.access));
    // The first of these moves the session's counter; the others are given the same successor.
    let refresh = json!({ "refresh": ada.refresh });
    let case = |function, route, authorization, body, status| Case {
        function,
        route,
        authorization,
        body,
        status,
    };
    let cases = [
        case("healthz", "GET /healthz", None, None, 200),
        case("get_signing_keys", "GET /.well-known/jwks.json", None, None, 200),
        case("get_openapi_document", "GET /openapi.json", None, None, 200),
        case("get_me", "GET /api/v1/me", bearer.clone(), None, 200),
        case("get_me", "GET /api/v1/me", None, None, 401),
        case("update_me", "PATCH /api/v1/me", bearer, Some(json!({ "role": "admin" })), 422),
        case(
            "register",
            "POST /api/v1/auth/register",
            None,
            Some(json!({ "username": "\u{e9}" })),
            422,
        ),
        case(
            "register",
            "POST /api/v1/auth/register",
            None,
            Some(crate::support::person("ada")),
            409,
        ),
        case(
            "create_token",
            "POST /api/v1/auth/token",
            None,
            Some(json!({ "email": "ada@example.com", "password": format!("{PASSWORD}x") })),
            401,
        ),
        case("refresh_token", "POST /api/v1/auth/token/refresh", None, Some(refresh), 200),
        case(
            "revoke_token",
            "POST /api/v1/auth/token/revoke",
            None,
            Some(json!({ "refresh": "rcr_x" })),
            204,
        ),
    ];
    for case in cases {
        let stack = through_the_stack(&app, &case).await;
        assert_eq!(stack.status, case.status, "{stack:?}");
        let without_seconds = |mut seen: Seen| {
            if let Ok(mut body) = serde_json::from_str::<Value>(&seen.body) {
                // Seconds that are left go by between two calls.
                for name in ["expires_in", "refresh_expires_in"] {
                    body.as_object_mut().map(|body| body.remove(name));
                }
                seen.body = body.to_string();
            }
            seen
        };
        let stack = without_seconds(stack);
        assert_eq!(
            stack,
            without_seconds(through_this_process(&here, &case).await),
            "{}",
            case.route
        );
        assert_eq!(
            stack,
            without_seconds(through_the_binary(environment, &case).await),
            "{}",
            case.route
        );
    }
}

#[tokio::test]
async fn a_function_logs_one_json_line_a_request_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    // What the function would renew a cheaper hash with is no part of a login.
    let registration = Some("open".to_owned());
    let app =
        TestApp::start(Options { data, registration, password_cost: Cost::OWASP, ..options() })
            .await;
    app.signed_in("ada").await;
    let mut function =
        Function::start(&binaries::debug("create_token"), app.stack.environment()).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let case = Case {
        function: "create_token",
        route: "POST /api/v1/auth/token",
        authorization: None,
        body: Some(body),
        status: 200,
    };
    let event =
        gateway::event(&request(&case), case.route, "127.0.0.1", "gateway-id", SystemClock.now());
    let response = function.invoke(event).await;
    let pair: Value = serde_json::from_str(response.text_of("body")).unwrap();
    let log = function.log();
    assert_eq!(log.len(), 1, "{log:?}");
    let line = &log[0];
    assert_eq!(
        (&line["level"], &line["request_id"], &line["route"], &line["status"]),
        (&json!("INFO"), &json!("same-everywhere"), &json!(case.route), &json!(200))
    );
    assert!(
        line.number_of("duration_ms") > 0.0 && line["rru"] == 2.0 && line["wru"] == 3.0,
        "{line}"
    );
    for secret in [PASSWORD, pair.text_of("access"), pair.text_of("refresh"), "$argon2"] {
        assert!(!line.to_string().contains(secret), "{line}");
    }
}

#[tokio::test]
async fn the_binaries_sign_up_and_mail_end_to_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut app =
        TestApp::start(Options { data: Data::Folder(folder.path().to_owned()), ..options() }).await;
    app.stack.stop_background().await;
    let environment = app.stack.environment().to_vec();
    let register = Case {
        function: "register",
        route: "POST /api/v1/auth/register",
        authorization: None,
        body: Some(crate::support::person("ada")),
        status: 202,
    };
    assert_eq!(through_the_binary(&environment, &register).await.status, 202);
    // The stream's record, as Lambda's event source mapping would hand it over.
    let id = crate::support::outbox_ids(&app).await.pop().unwrap();
    let record = json!({ "eventName": "INSERT", "dynamodb": { "SequenceNumber": "1",
        "NewImage": { "entity": { "S": "outbox" }, "id": { "S": id } } } });
    let mut function = Function::start(&binaries::debug("deliver_mail"), &environment).await;
    for _ in 0..2 {
        assert_eq!(
            function.invoke(json!({ "Records": [record] })).await,
            json!({ "batchItemFailures": [] })
        );
    }
    let token = app.mailed_token("ada@example.com", 1).await;
    app.post("/auth/verify-email", json!({ "token": token, "password": PASSWORD }))
        .await
        .expect(204);
}

#[tokio::test]
async fn the_binaries_take_their_keys_from_ssm() {
    let app = TestApp::open().await;
    app.signed_in("ada").await;
    let (parameters, endpoint) = crate::support::ssm::Parameters::serve().await;
    let mut environment = app.stack.environment().to_vec();
    // A table of its own keys: what the stack published is not what these functions have.
    environment.extend([
        ("ROLECALL_KEYS_SSM", "/rolecall/test".to_owned()),
        ("AWS_ENDPOINT_URL_SSM", endpoint),
    ]);
    let login = Case {
        function: "create_token",
        route: "POST /api/v1/auth/token",
        authorization: None,
        body: Some(json!({ "email": "ada@example.com", "password": PASSWORD })),
        status: 200,
    };
    assert_eq!(through_the_binary(&environment, &login).await.status, 503, "no key, no token");
    let mut rotate = Function::start(&binaries::debug("rotate_keys"), &environment).await;
    // The stack's own key is dropped, so that the one that signs is one of SSM's.
    let run = rotate.invoke(json!({ "drop": "current" })).await;
    let kid = run["signing"].as_str().unwrap_or_else(|| panic!("{run}"));
    let secure = |name: String| (name, "SecureString".to_owned());
    let names = run.list_of("published").iter().filter_map(Value::as_str);
    let mut made: Vec<_> = names.filter(|name| name.contains('/')).collect();
    made.sort_unstable();
    let made = made.into_iter().map(|name| secure(format!("/rolecall/test/{name}")));
    let made: Vec<_> = made.chain([secure(format!("/rolecall/test/signing/{kid}"))]).collect();
    assert_eq!(parameters.kept(), made, "a key for passwords, a server key, and a signing key");
    let refused = through_the_binary(&environment, &login).await;
    assert_eq!(refused.status, 503, "the stack's own key for passwords is not there: {refused:?}");
    let register = Case {
        function: "register",
        route: "POST /api/v1/auth/register",
        authorization: None,
        body: Some(json!({ "username": "grace", "email": "grace@example.com",
            "password": PASSWORD })),
        status: 201,
    };
    assert_eq!(through_the_binary(&environment, &register).await.status, 201);
    let login =
        Case { body: Some(json!({ "email": "grace@example.com", "password": PASSWORD })), ..login };
    let response = through_the_binary(&environment, &login).await;
    assert_eq!(response.status, 200, "{response:?}");
    let access =
        serde_json::from_str::<Value>(&response.body).unwrap().text_of("access").to_owned();
    let me = Case {
        function: "get_me",
        route: "GET /api/v1/me",
        authorization: Some(format!("Bearer {access}")),
        body: None,
        status: 200,
    };
    assert_eq!(through_the_binary(&environment, &me).await.status, 200);
    let dropped = rotate.invoke(json!({ "drop": kid })).await;
    assert_eq!(dropped["removed"], json!([kid]));
    assert!(
        !parameters.kept().contains(&secure(format!("/rolecall/test/signing/{kid}"))),
        "the private half is destroyed"
    );
    assert_eq!(through_the_binary(&environment, &me).await.status, 401);
}

#[tokio::test]
async fn a_function_believes_the_proxy_that_knows_the_secret() {
    let folder = tempfile::tempdir().unwrap();
    let (data, registration) = (Data::Folder(folder.path().to_owned()), Some("open".to_owned()));
    let app = TestApp::start(Options { data, registration, ..options() }).await;
    let ada = app.signed_in("ada").await;
    let mut environment = app.stack.environment().to_vec();
    let keys = environment.iter().find(|(name, _)| *name == "ROLECALL_KEYS_DIR").unwrap();
    DirectoryKeys::new(keys.1.as_ref()).keep("proxy", &[7; 32]).await.unwrap();
    environment.push(("ROLECALL_TRUSTED_PROXY", "cloudfront".to_owned()));
    let mut function = Function::start(&binaries::debug("create_token"), &environment).await;
    let case = Case {
        function: "create_token",
        route: "POST /api/v1/auth/token",
        authorization: None,
        body: Some(json!({ "email": "ada@example.com", "password": PASSWORD })),
        status: 200,
    };
    for (secret, address) in [([8; 32], "127.0.0.1"), ([7; 32], "2001:db8::7")] {
        let mut request = request(&case);
        let secret = STANDARD.encode(secret);
        for (name, value) in
            [("x-rolecall-proxy", secret.as_str()), ("cloudfront-viewer-address", "2001:db8::7:9")]
        {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let now = SystemClock.now();
        let event = gateway::event(&request, case.route, "127.0.0.1", "gateway-id", now);
        assert_eq!(function.invoke(event).await["statusCode"], 200);
        let sessions = ada.get("/user-sessions").await.expect(200).items();
        assert_eq!(sessions[0]["ip_address"], address);
        assert!(function.log().iter().all(|line| !line.to_string().contains(&secret)));
    }
}
