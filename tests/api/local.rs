use rolecall_domain::clock::Timestamp;
use serde_json::json;

use crate::support::{Json, TestApp, person};

#[tokio::test]
async fn the_clock_tells_and_moves() {
    let app = TestApp::new().await;
    let now = async || {
        app.get("/_local/clock").await.expect(200).text_of("now").parse::<Timestamp>().unwrap()
    };
    let before = now().await;
    app.advance(3600).await;
    let moved = now().await.duration_since(before).as_secs();
    assert!((3600..3660).contains(&moved), "{moved}");
    for wrong in [json!({ "advance_seconds": -1 }), json!({})] {
        let response = app.post("/_local/clock", &wrong).await;
        assert!((400..500).contains(&response.status), "{response:?}");
    }
}

#[tokio::test]
async fn a_function_runs_as_the_scheduler_would_run_it() {
    let app = TestApp::new().await;
    let run = |name: &str, body| app.post(&format!("/_local/schedule/{name}"), body);
    let response = run("deliver_mail", json!({ "time": "2026-11-23T09:30:00Z" })).await.expect(200);
    assert_eq!(response.json(), json!({ "batchItemFailures": [] }));
    run("deliver_mail", json!({ "time": "tomorrow" })).await.expect(422);
    run("nothing", json!({ "time": "2026-11-23T09:30:00Z" })).await.expect(404);
}

#[tokio::test]
async fn the_metrics_count_requests_latencies_and_units_of_each_route() {
    let app = TestApp::open().await;
    app.signed_in("ada").await;
    let metrics = app.get("/_local/metrics.json").await.expect(200).json();
    let token = metrics
        .list_of("routes")
        .iter()
        .find(|one| one["route"] == "POST /api/v1/auth/token")
        .unwrap()
        .clone();
    assert_eq!(
        (&token["requests"], &token["per_request"]["dynamodb_calls"]),
        (&json!(1), &json!(5.0))
    );
    assert!(token.number_of("latency_ms/p50") > 0.0 && token.number_of("latency_ms/p99") > 0.0);
    assert_eq!(
        (&token["per_request"]["read_units"], &token["per_request"]["write_units"]),
        (&json!(2.0), &json!(3.0))
    );
}

#[tokio::test]
async fn the_pages_show_routes_requests_and_mail_with_names_escaped() {
    let app = TestApp::new().await;
    let mut mallory = person("mallory");
    mallory["first_name"] = json!("<script>alert(1)</script>");
    app.post("/auth/register", &mallory).await.expect(202);
    app.get(&app.url("/api/v1/%3Cscript%3E")).await.expect(404);
    app.mails("mallory@example.com", 1).await;
    app.stack.recorded().await;
    let page = app.get("/_local/").await.expect(200);
    assert!(
        page.text.contains("POST /api/v1/auth/register") && page.text.contains("holds 1 mail."),
        "{}",
        page.text
    );
    assert!(
        page.text.contains("activities, 1 of them failures")
            && page.text.contains("<svg class=\"chart\""),
        "{}",
        page.text
    );
    assert!(
        !page.text.contains("<script") && !page.text.contains("src="),
        "nothing from elsewhere"
    );
    let mail = app.get("/_local/mail").await.expect(200);
    assert!(
        mail.text.contains("Confirm your email address") && !mail.text.contains("<script>alert"),
        "{}",
        mail.text
    );
}

#[tokio::test]
async fn the_link_in_a_mail_leads_to_a_page_of_the_stack() {
    let app = TestApp::new().await;
    app.post("/auth/register", person("ada")).await.expect(202);
    let mails = app.mails("ada@example.com", 1).await;
    let text = mails[0].text_of("text");
    let link = text.lines().find(|line| line.starts_with("http")).unwrap();
    assert!(link.starts_with(&app.url("/verify-email#token=")), "{link}");
    assert!(
        app.get("/_local/mail").await.expect(200).text.contains(&format!("href=\"{link}\"")),
        "the mailbox makes it a link"
    );
    let names: Vec<&String> = mails[0].as_object().unwrap().keys().collect();
    for name in ["id", "to", "from", "subject", "text", "html", "sent_at"] {
        assert!(names.iter().any(|have| *have == name), "{names:?}");
    }
}

#[tokio::test]
async fn what_is_the_stacks_own_is_for_names_of_this_machine_alone() {
    let app = TestApp::open().await;
    let from = |host: &'static str| app.get("/_local/mail.json").header("Host", host);
    for host in ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", "evil.example:3000"] {
        from(host).await.expect(421);
    }
    for host in ["localhost", "127.0.0.1:1", "[::1]:3000", "app.localhost"] {
        from(host).await.expect(200);
    }
    let told = json!({ "token": "x", "username": "eve" });
    app.post("/_local/setup", told).header("Host", "evil.example").await.expect(421);
}

#[tokio::test]
async fn the_setup_link_makes_the_first_super_admin_once() {
    let app = TestApp::open().await;
    let token = app.stack.setup_token().unwrap().to_owned();
    let chief = |name: &str| {
        json!({ "token": token, "username": name,
        "email": format!("{name}@example.com"), "password": crate::support::PASSWORD })
    };
    let set_up = |body| app.post("/_local/setup", body);
    let stranger = chief("mallory").with(json!({ "token": "x".repeat(43) }));
    set_up(stranger).await.expect_problem(400, "invalid_token");
    // What is wrong with the form leaves the link.
    let weak = chief("chief").with(json!({ "password": "qwertyuiop", "email": "chief" }));
    let refused = set_up(weak).await.expect_problem(422, "validation_failed");
    assert!(refused.wrong_fields().contains(&"email: invalid_email".to_owned()), "{refused:?}");
    let (one, other) = crate::support::both(set_up(chief("chief")), set_up(chief("second"))).await;
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 400]);
    set_up(chief("third")).await.expect_problem(400, "invalid_token");
    let name = if one.status == 201 { "chief" } else { "second" };
    let admin = app.sign_in(name).actor().await;
    admin.get("/users").await.expect(200);
    let with_admin = TestApp::with_admin("open").await;
    assert!(with_admin.stack.setup_token().is_none(), "there is one already");
}

#[tokio::test]
async fn the_first_admin_is_made_once_and_signs_in() {
    let folder = tempfile::tempdir().unwrap();
    let options = || rolecall_local::Options {
        data: rolecall_local::Data::Folder(folder.path().to_owned()),
        admin_email: Some("root@example.com".to_owned()),
        admin_password: Some(crate::support::PASSWORD.to_owned()),
        ..crate::support::options()
    };
    let (first, second) = (options(), options());
    let second = rolecall_local::Options { table: first.table.clone(), ..second };
    let app = TestApp::start(first).await;
    app.sign_in("root").await.expect(200);
    drop(app);
    let app = TestApp::start(rolecall_local::Options {
        admin_email: Some("other@example.com".to_owned()),
        ..second
    })
    .await;
    app.sign_in("root").await.expect(200);
    app.sign_in("other").await.expect(401);
}
