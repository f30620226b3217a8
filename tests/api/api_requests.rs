//! Every API call leaves one record, beside its answer.

use reqwest::Method;
use rolecall_domain::{
    clock::{Clock, SystemClock},
    organization::LogKey,
};
use rolecall_local::{Data, Options, Stack, gateway};
use serde_json::{Value, json};

use crate::support::{Firm, Json, TestApp, binaries, options, runtime_api::Function};

/// The records of calls with this request id.
async fn records(app: &TestApp, request_id: &str) -> Vec<Value> {
    app.stack.recorded().await;
    let found = app.activities_so_far("api_request").await;
    found
        .into_iter()
        .filter(|one| {
            one["request"]["S"].as_str().is_some_and(|request| request.starts_with(request_id))
        })
        .collect()
}

#[tokio::test]
async fn every_call_is_recorded_with_route_status_time_and_caller() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let (nobody, own) = ("0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60", &boss.id);
    let call = |method: Method, path: &str, id: &str| {
        boss.request(method, path).header("X-Request-Id", id).header("User-Agent", "seed/1")
    };
    let calls = [
        (
            "id-read",
            Method::GET,
            format!("/users/{own}"),
            200,
            "GET /api/v1/users/{id}",
            "info",
            true,
        ),
        (
            "id-none",
            Method::GET,
            format!("/users/{nobody}"),
            404,
            "GET /api/v1/users/{id}",
            "low",
            false,
        ),
        (
            "id-forbidden",
            Method::POST,
            "/modules".to_owned(),
            403,
            "POST /api/v1/modules",
            "low",
            false,
        ),
        ("id-elsewhere", Method::GET, "/nothing".to_owned(), 404, "$default", "low", false),
    ];
    for (id, method, path, status, route, severity, success) in calls {
        call(method, &path, id).await.expect(status);
        let found = records(&firm.app, id).await;
        assert_eq!(found.len(), 1, "{id}");
        let (one, details) =
            (&found[0], serde_json::from_str::<Value>(found[0].text_of("details/S")).unwrap());
        assert_eq!(details, json!({ "route": route, "status": status }));
        assert_eq!(
            (&one["severity"]["S"], &one["success"]["BOOL"]),
            (&json!(severity), &json!(success))
        );
        assert!(one.text_of("micros/N").parse::<u64>().unwrap() > 0);
        assert_eq!(
            (&one["address"]["S"], &one["agent"]["S"]),
            (&json!("127.0.0.1"), &json!("seed/1"))
        );
        if route != "$default" {
            let who = (&one["user_id"]["S"], &one["session_id"]["S"]);
            assert_eq!(who, (&json!(own), &json!(boss.session_id)));
            let log = LogKey::from_stored(one.text_of("organization/S"));
            assert_eq!(log.code(), "MY_COMPANY");
        }
    }
    let refused = firm.app.get("/me").header("X-Request-Id", "id-stranger").bearer("x");
    refused.await.expect(401);
    let one = &records(&firm.app, "id-stranger").await[0];
    assert_eq!((&one["organization"]["S"], &one["user_id"]), (&json!("PLATFORM"), &Value::Null));
    for path in ["/healthz", "/.well-known/jwks.json", "/openapi.json"] {
        firm.app.get(path).header("X-Request-Id", "id-public").await.expect(200);
    }
    assert!(
        records(&firm.app, "id-public").await.is_empty(),
        "what is no part of the API is not recorded"
    );
    let listed =
        boss.get("/activities?activity_type=api_request&success=false").await.expect(200).json();
    let routes: Vec<&Value> = listed.items().iter().map(|one| &one["details"]["route"]).collect();
    assert!(routes.contains(&&json!("POST /api/v1/modules")), "{routes:?}");
    assert_eq!(
        firm.app.cost_of("GET /api/v1/users/{id}").await["write_units"],
        0.0,
        "the record is no part of the call"
    );
}

#[tokio::test]
async fn a_setting_leaves_out_reads_and_nothing_else() {
    let app = TestApp::with_settings(&[("ROLECALL_RECORD_READS", "0")]).await;
    let ada = app.signed_in("ada").await;
    for (id, method, path, status) in [
        ("id-read", Method::GET, "/me", 200),
        ("id-write", Method::PATCH, "/me", 200),
        ("id-refused", Method::GET, "/users", 403),
    ] {
        let body = (method == Method::PATCH).then(|| json!({ "bio": "x" }));
        ada.request(method, path).header("X-Request-Id", id).json(body).await.expect(status);
    }
    let counts = [
        records(&app, "id-read").await.len(),
        records(&app, "id-write").await.len(),
        records(&app, "id-refused").await.len(),
    ];
    assert_eq!(counts, [0, 1, 1]);
}

#[tokio::test]
async fn an_orderly_end_loses_no_record() {
    let folder = tempfile::tempdir().unwrap();
    let Options { table, dynamodb_endpoint, .. } = options();
    let kept = || Options {
        data: Data::Folder(folder.path().to_owned()),
        table: table.clone(),
        dynamodb_endpoint: dynamodb_endpoint.clone(),
        ..Options::in_memory()
    };
    let stack = Stack::start(kept()).await.unwrap();
    let client = reqwest::Client::new();
    let call = async |n: usize| {
        // Refused calls, which need nobody.
        let request = client
            .get(format!("{}/api/v1/me", stack.url()))
            .header("X-Request-Id", format!("number-{n}"));
        assert_eq!(request.send().await.unwrap().status().as_u16(), 401);
    };
    futures::future::join_all((0..100).map(call)).await;
    stack.stop().await;
    let app = TestApp::start(kept()).await;
    assert_eq!(records(&app, "number-").await.len(), 100);
}

#[tokio::test]
async fn a_lambda_is_not_frozen_before_the_record_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let app =
        TestApp::start(Options { data, registration: Some("open".to_owned()), ..options() }).await;
    let ada = app.signed_in("ada").await;
    let mut function = Function::start(&binaries::debug("get_me"), app.stack.environment()).await;
    function.frozen(1).await;
    for n in 0..3 {
        let request = http::Request::get("/api/v1/me").header("x-request-id", format!("call-{n}"));
        let request = request.header("authorization", format!("Bearer {}", ada.access));
        let request = request.body(bytes::Bytes::new()).unwrap();
        let event =
            gateway::event(&request, "GET /api/v1/me", "127.0.0.1", "id", SystemClock.now());
        assert_eq!(function.invoke(event).await["statusCode"], 200);
        function.frozen(1).await;
        assert_eq!(records(&app, &format!("call-{n}")).await.len(), 1);
    }
}
