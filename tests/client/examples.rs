//! The examples, as a service's author runs them: docs/clients.md is what is tried here.

use std::process::Stdio;

use rolecall_domain::clock::{Clock, SystemClock};
use rolecall_local::gateway;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

use super::Office;
use crate::support::{Json, binaries, runtime_api::Function};

fn environment(office: &Office) -> [(&'static str, String); 2] {
    [("ROLECALL_URL", office.firm.app.url("")), ("ROLECALL_KEY", office.key.clone())]
}

#[test]
fn the_page_shows_the_examples_as_they_are() {
    let page = std::fs::read_to_string(binaries::root().join("docs/clients.md")).unwrap();
    for example in ["office/mod", "axum_service", "lambda_service"] {
        let file = format!("shared/client/examples/{example}.rs");
        let code = std::fs::read_to_string(binaries::root().join(&file)).unwrap();
        let code = code.lines().skip_while(|line| line.starts_with("//!") || line.is_empty());
        let code = code.collect::<Vec<_>>().join("\n");
        assert!(page.contains(&format!("```rust\n{code}\n```")), "{file} is another");
    }
}

#[tokio::test]
async fn the_axum_service_runs_for_whoever_has_the_right() {
    let office = Office::new().await;
    let mut service = Command::new(binaries::client_example("axum_service"))
        .envs(environment(&office))
        .env("LISTEN", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(service.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().expect("it says where it listens");
    let url = line.strip_prefix("listening on ").unwrap().to_owned();
    let client = reqwest::Client::new();
    let drawing = json!({ "code": "pid-101", "title": "Pump station" });
    let send = async |method: &str, path: &str, token: Option<&str>| {
        let request = client.request(method.parse().unwrap(), format!("{url}{path}"));
        let request = if method == "POST" { request.json(&drawing) } else { request };
        let request = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json::<Value>().await.unwrap_or_default())
    };
    let (ada, bob) = (Some(office.ada.access.as_str()), Some(office.bob.access.as_str()));
    assert_eq!(send("POST", "/drawings", None).await.0, 401);
    assert_eq!(send("POST", "/drawings", bob).await.0, 403);
    let (status, saved) = send("POST", "/drawings", ada).await;
    assert_eq!((status, saved.text_of("organization")), (201, "MY_COMPANY"));
    let (status, read) = send("GET", "/drawings/pid-101", bob).await;
    assert_eq!((status, read.text_of("title")), (200, "Pump station"));
    assert_eq!(send("GET", "/drawings/pid-101", None).await.0, 401);
    assert_eq!(send("GET", "/statistics", bob).await.0, 403);
    assert_eq!(send("GET", "/statistics", ada).await, (200, json!({ "MY_COMPANY": 1 })));
    // Of another organization: the permission is not enough.
    let eve = office.firm.member("eve", "OTHER", &["drafter"]).await;
    assert_eq!(send("POST", "/drawings", Some(&eve.access)).await.0, 403);
    // Without being asked to, it sends within a second or so.
    let requests = office.firm.app.activities("http_request", 8).await;
    assert!(requests.iter().any(|one| one.to_string().contains("/statistics")), "{requests:?}");
    let saved = office.firm.app.activities("drawing_saved", 2).await;
    assert!(saved.iter().any(|one| one.to_string().contains(&office.ada.id)), "{saved:?}");
}

#[tokio::test]
async fn the_lambda_service_has_sent_everything_when_it_answers() {
    let office = Office::new().await;
    let example = binaries::client_example("lambda_service");
    let mut function = Function::start(&example, &environment(&office)).await;
    let drawing = json!({ "code": "pid-101", "title": "Pump station" });
    let (ada, bob) = (&office.ada.access, &office.bob.access);
    for (token, method, path, status) in [
        (ada, "POST", "/drawings", 201),
        (bob, "POST", "/drawings", 403),
        (bob, "GET", "/drawings/pid-101", 200),
        (ada, "GET", "/statistics", 200),
        (bob, "GET", "/statistics", 403),
    ] {
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"))
            .body(bytes::Bytes::from(drawing.to_string()))
            .unwrap();
        let now = SystemClock.now();
        let event = gateway::event(&request, "$default", "127.0.0.1", "id", now);
        let response = gateway::response(&function.invoke(event).await).unwrap();
        assert_eq!(response.status(), status, "{method} {path} {response:?}");
    }
    let log = "/activities?organization=MY_COMPANY&activity_type=";
    let saved = office.firm.root.all(&format!("{log}drawing_saved")).await;
    assert_eq!(saved.len(), 1);
    assert_eq!(saved[0].text_of("user_id"), office.ada.id);
    let requests = office.firm.root.all(&format!("{log}http_request")).await;
    let of = |user: Value| requests.iter().filter(|one| one["user_id"] == user).count();
    let counted = [json!(office.ada.id), json!(office.bob.id), Value::Null].map(of);
    // Who was refused did nothing that is theirs: the service tells of it.
    assert_eq!(counted, [2, 1, 2]);
}
