//! What stands before every handler: queries, paths, sizes.

use std::iter::repeat_n;

use functions::Endpoint;
use http::Method;
use rolecall_http::route::parameters;
use rolecall_local::gateway;
use serde_json::{Map, Value, json};

use crate::support::{
    Actor, Call, Firm, InProcess, Json, binaries, in_process, options, raw, runtime_api::Function,
};

fn call(who: &Actor, endpoint: &Endpoint, path: &str) -> Call {
    let method = Method::from_bytes(endpoint.method.as_str().as_bytes()).unwrap();
    let call = who.request(method, path);
    if endpoint.method == Method::GET { call } else { call.json(json!({})) }
}

#[tokio::test]
async fn attack_76_a_parameter_that_no_route_declares_is_refused_and_nothing_is_done() {
    let firm = Firm::new().await;
    let routes = functions::routes::all();
    let of_the_api = || routes.iter().filter(|one| one.path.starts_with("/api/v1/"));
    assert!(of_the_api().count() > 70);
    for endpoint in of_the_api() {
        for parameter in ["dry_run", "x[]", "Limit"] {
            let response = call(&firm.root, endpoint, endpoint.path)
                .query(&[(parameter, "true")])
                .await
                .expect_problem(422, "validation_failed");
            let unknown = format!("{parameter}: unknown_field");
            assert!(response.wrong_fields().contains(&unknown), "{}", endpoint.key());
        }
    }
    let wasted = json!({ "code": "WASTED", "name": "Wasted" });
    firm.root.post("/modules?dry_run=true", wasted).await.expect(422);
    firm.root.get("/modules/WASTED").await.expect(404);
    firm.root.delete("/roles/drafter?force=false").await.expect(422);
    firm.root.get("/roles/drafter").await.expect(200);
    // A stranger learns nothing of it.
    firm.app.get("/me?x=1").await.expect_problem(401, "unauthenticated");
}

/// The path with one parameter as somebody odd writes it, and the others as they are somewhere.
fn odd_path(endpoint: &Endpoint, odd: &str, at: &str) -> String {
    let parts = endpoint.path.split('/').map(|part| match part {
        part if part == format!("{{{at}}}") => odd,
        "{code}" if endpoint.path.contains("/roles/{code}") => "drafter",
        "{code}" if endpoint.path.contains("/modules/") => "PID",
        "{code}" => "MY_COMPANY",
        "{role}" => "drafter",
        "{module}" => "PID",
        "{permission}" => "pid.create",
        "{user_id}" | "{id}" => "01999999-0000-7000-8000-000000000000",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// What an answer says, without what is the connection's.
fn told(status: u16, body: &str) -> (u16, Value) {
    (status, serde_json::from_str(body).unwrap_or_default())
}

async fn here(host: &InProcess, event: Value) -> (u16, Value) {
    let payload = host.payload(event).await;
    let status = u16::try_from(payload.count_of("statusCode")).unwrap();
    told(status, payload.text_of("body"))
}

/// Every odd spelling of a segment: of another segment, of nothing, of the end of a path.
const ODD: [&str; 11] =
    ["x%2FB", "..", "%2e%2e", "%2E", "%23", "%3F", "%00", "%20", "a%252Fb", "%C3%A9", "%FF"];

#[tokio::test]
async fn attack_77_an_odd_path_has_one_answer_in_all_three_hosts() {
    let folder = tempfile::tempdir().unwrap();
    let data = rolecall_local::Data::Folder(folder.path().to_owned());
    let firm = Firm::on(rolecall_local::Options { data, ..options() }).await;
    let host = in_process(&firm.app);
    let mut binaries_at_work = Vec::new();
    for name in ["get_module", "get_member"] {
        let binary = binaries::debug(name);
        binaries_at_work.push((name, Function::start(&binary, firm.app.stack.environment()).await));
    }
    let bearer = format!("Bearer {}", firm.root.access);
    let headers = [("Authorization", bearer.as_str()), ("X-Request-Id", "same")];
    for endpoint in functions::routes::all() {
        for parameter in parameters(endpoint.path, endpoint.path).into_keys() {
            for odd in ODD {
                let path = odd_path(&endpoint, odd, &parameter);
                let line = format!("{} {path}", endpoint.method);
                let (status, body) = raw::send(&firm.app.stack.url(), &line, &headers).await;
                let on_the_stack = told(status, &body);
                assert!((400..500).contains(&status), "{line}: {status} {body}");
                let request = http::Request::builder()
                    .method(&endpoint.method)
                    .uri(&path)
                    .header("authorization", &bearer)
                    .header("x-request-id", "same")
                    .body(bytes::Bytes::new())
                    .unwrap();
                let key = endpoint.key();
                let now = rolecall_domain::clock::Clock::now(&rolecall_domain::clock::SystemClock);
                let event = gateway::event(&request, &key, "127.0.0.1", "id", now);
                assert_eq!(here(&host, event.clone()).await, on_the_stack, "{line}");
                let same = binaries_at_work.iter_mut().find(|(name, _)| *name == endpoint.name);
                if let Some((_, function)) = same {
                    let payload = function.invoke(event).await;
                    let status = u16::try_from(payload.count_of("statusCode")).unwrap();
                    assert_eq!(told(status, payload.text_of("body")), on_the_stack, "{line}");
                }
            }
        }
    }
    firm.root.get("/roles/drafter").await.expect(200);
}

#[tokio::test]
async fn attack_81_an_answer_is_not_much_longer_than_what_it_refuses() {
    let firm = Firm::new().await;
    let odd = |name: &str, count: usize| -> Map<String, Value> {
        (0..count).map(|place| (format!("{name}{place}"), json!(1))).collect()
    };
    let bodies = [
        odd("a", 5000),
        odd(&"\u{1}".repeat(60), 130),
        odd(&"\"".repeat(60), 350),
        odd(&"\u{20ac}".repeat(300), 55),
    ];
    let in_a_batch = |body: &Map<String, Value>| {
        let each = body.len() / 25;
        let items: Vec<Map<String, Value>> =
            repeat_n(body.clone().into_iter().take(each).collect(), 25).collect();
        json!({ "activities": items })
    };
    for body in &bodies {
        assert!(Value::from(body.clone()).to_string().len() > 40_000);
        for (path, sent) in [
            ("/auth/register", body.clone().into()),
            ("/permissions/check", json!({ "checks": [body] })),
            ("/organizations", body.clone().into()),
            ("/activities", body.clone().into()),
            ("/activities/batch", in_a_batch(body)),
        ] {
            let response = firm.root.post(path, sent).await;
            assert!(response.text.len() < 16_000, "{path}: {}", response.text.len());
            assert!([200, 422].contains(&response.status), "{path}: {}", response.status);
            let errors = response.text.matches("\"field\":").count();
            assert!((1..=50).contains(&errors), "{path}: {errors}");
        }
    }
    let query = odd("a", 1500).keys().cloned().collect::<Vec<_>>().join("&");
    let response = firm.root.get(&format!("/users?{query}")).await.expect(422);
    assert!(response.text.len() < 16_000, "{}", response.text.len());
}

#[tokio::test]
async fn attack_82_a_batch_of_bad_activities_alone_is_answered_one_by_one() {
    let firm = Firm::new().await;
    for bad in [json!(null), json!(7), json!({}), json!({ "activity_type": "x", "category": "no" })]
    {
        for count in [1, 25] {
            let body = json!({ "activities": vec![bad.clone(); count] });
            let response = firm.root.post("/activities/batch", body).await.expect(200);
            let results = response.json().list_of("results").clone();
            assert_eq!(results.len(), count);
            assert!(results.iter().all(|one| one["code"] == "validation_failed"), "{results:?}");
        }
    }
}
