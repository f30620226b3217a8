//! The pages for people, over HTTP in all three hosts; what they do is tried in Chromium.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use http::StatusCode;
use reqwest::Method;
use rolecall_domain::{
    clock::{Clock, SystemClock},
    mail::Purpose,
};
use rolecall_local::gateway;
use serde_json::json;

use crate::support::{Json, TestApp, binaries, in_process, options, person, runtime_api::Function};

#[tokio::test]
async fn every_mailed_link_leads_to_a_page_in_all_three_hosts() {
    let folder = tempfile::tempdir().unwrap();
    let data = rolecall_local::Data::Folder(folder.path().to_owned());
    let app = TestApp::start(rolecall_local::Options { data, ..options() }).await;
    let mut function = Function::start(&binaries::debug("pages"), app.stack.environment()).await;
    let here = in_process(&app);
    let pages: BTreeSet<String> =
        Purpose::ALL.iter().map(|purpose| format!("/{}", purpose.page())).collect();
    assert_eq!(pages.len(), 6);
    for path in pages.iter().map(String::as_str).chain(["/sign-in", "/account", "/console"]) {
        let request = || {
            let request = http::Request::get(path).header("accept-encoding", "gzip");
            request.header("x-request-id", "same").body(Bytes::new()).unwrap()
        };
        let route = "GET /{page}".to_owned();
        let event = gateway::event(&request(), &route, "127.0.0.1", "id", SystemClock.now());
        let on_lambda = gateway::response(&function.invoke(event).await).unwrap();
        let in_process = here.response(&route, request()).await;
        let url = app.url(path);
        let on_the_stack = reqwest::Client::new()
            .get(url)
            .header("accept-encoding", "gzip")
            .header("x-request-id", "same")
            .send()
            .await
            .unwrap();
        assert_eq!(on_the_stack.status(), 200, "{path}");
        let of = |headers: &http::HeaderMap| {
            let ours = headers
                .iter()
                .filter(|(name, _)| !["content-length", "date"].contains(&name.as_str()));
            ours.map(|(name, value)| (name.to_string(), value.clone())).collect::<BTreeMap<_, _>>()
        };
        let seen = of(on_the_stack.headers());
        assert_eq!(seen["content-type"], "text/html; charset=utf-8");
        assert!(seen.contains_key("content-security-policy") && seen.contains_key("vary"));
        assert_eq!((of(in_process.headers()), of(on_lambda.headers())), (seen.clone(), seen));
        assert_eq!((in_process.status(), on_lambda.status()), (StatusCode::OK, StatusCode::OK));
        let body = on_the_stack.bytes().await.unwrap();
        assert_eq!((in_process.body(), on_lambda.body()), (&body, &body), "{path}");
    }
    // API Gateway has no route that ends with a slash.
    let request = http::Request::get(functions::pages::CONSOLE).body(Bytes::new()).unwrap();
    let by_default = here.response("GET $default", request).await;
    let console = app.get(&app.url(functions::pages::CONSOLE)).await.expect(200);
    assert_eq!((by_default.status().as_u16(), by_default.body()), (200, &console.text.into()));
    assert!(by_default.headers().contains_key("content-security-policy"));
}

#[tokio::test]
async fn the_link_of_a_mail_is_followed_without_its_token() {
    let app = TestApp::new().await;
    app.post("/auth/register", person("ada")).await.expect(202);
    let mails = app.mails("ada@example.com", 1).await;
    let text = mails[0].text_of("text").to_owned();
    let link = text.lines().find(|line| line.starts_with("http")).unwrap();
    let (page, token) = link.split_once("#token=").unwrap();
    let page = app.get(page).await.expect(200);
    assert!(page.text.starts_with("<!doctype html>") && !page.text.contains(token));
}

#[tokio::test]
async fn a_page_is_no_activity_is_not_counted_and_takes_any_query() {
    let app = TestApp::open().await;
    for path in functions::pages::PATHS {
        app.get(&app.url(&format!("{path}?utm=x"))).await;
        app.request(Method::HEAD, &app.url(path)).await;
    }
    app.get(&app.url("/sign-in?utm=x")).await.expect(200);
    app.get("/healthz").await.expect(200);
    app.stack.recorded().await;
    let records = app.activities_so_far("api_request").await;
    let metrics = app.get("/_local/metrics.json").await.json().to_string();
    assert!(metrics.contains("GET /healthz"), "{metrics}");
    for route in functions::pages::ROUTES {
        for key in [format!("\"GET {route}\""), format!("\"HEAD {route}\"")] {
            assert!(records.iter().all(|one| !one.to_string().contains(&key)), "{records:?}");
            assert!(!metrics.contains(&key), "{metrics}");
        }
    }
}

#[tokio::test]
async fn a_page_takes_no_other_method_and_no_other_path_is_one() {
    let app = TestApp::open().await;
    let url = app.url("/sign-in");
    let response = app.request(Method::POST, &url).json(json!({})).await.expect(405);
    assert_eq!(response.header("allow"), "GET, HEAD");
    app.get(&app.url("/sign-in/")).await.expect_problem(404, "not_found");
    let console = app.get(&app.url("/console/")).await.expect(200);
    assert!(console.text.starts_with("<!doctype html>"), "{console:?}");
    app.get(&app.url("/console/people/x/y")).await.expect_problem(404, "not_found");
    app.get(&app.url("/wp-login.php")).await.expect_problem(404, "not_found");
    let page = app.get(&app.url("/nothing")).header("Accept", "text/html,*/*").await.expect(404);
    assert!(page.text.starts_with("<!doctype html>"));
}
