//! Cookie mode: what other origins can and cannot do with somebody's browser.

use functions::Endpoint;
use http::Method as Verb;
use reqwest::Method;
use rolecall_http::access::Access;
use serde_json::{Value, json};

use crate::support::{Browser, Firm, Json, PASSWORD, Response, TestApp, person};

fn method(endpoint: &Endpoint) -> Method {
    Method::from_bytes(endpoint.method.as_str().as_bytes()).unwrap()
}

fn path(endpoint: &Endpoint) -> String {
    let path = endpoint.path.strip_prefix("/api/v1").unwrap_or(endpoint.path);
    path.replace("{id}", "01999999-0000-7000-8000-000000000000")
}

#[tokio::test]
async fn attack_84_a_cookie_from_elsewhere_is_as_none_on_every_route() {
    let firm = Firm::new().await;
    let browser = Browser::signed_in(&firm.app, "admin").await;
    let routes = functions::routes::all();
    let behind = || routes.iter().filter(|one| one.handler.access != Access::Public);
    assert!(behind().count() > 75);
    for endpoint in behind() {
        let sent = || browser.sent(method(endpoint), &path(endpoint));
        let own = || sent().header("Rolecall-Browser", "1");
        let form = "application/x-www-form-urlencoded";
        let from_elsewhere = [
            // A link, a form, a script without a preflight, and one that was let through.
            sent(),
            sent().header("Content-Type", form).body("name=x"),
            sent().header("Content-Type", "text/plain").body("{}"),
            sent().header("Content-Type", "application/json").body("{}"),
            // A sibling domain, another site, an address that was typed, another header.
            own().header("Sec-Fetch-Site", "same-site").json(json!({})),
            own().header("Sec-Fetch-Site", "cross-site").json(json!({})),
            own().header("Sec-Fetch-Site", "none").json(json!({})),
            sent().header("Rolecall-Browser", "0").json(json!({})),
            sent().header("Rolecall-Browser", "true").json(json!({})),
        ];
        for call in from_elsewhere {
            let response = call.await.expect_problem(401, "unauthenticated");
            assert!(response.headers.get("set-cookie").is_none(), "{}", endpoint.key());
        }
    }
    // What deletes or ends is left out: the others are the caller's, or stop at what is wrong.
    for endpoint in behind().filter(|one| one.method != Verb::DELETE) {
        let mut call = browser.page(method(endpoint), &path(endpoint));
        if endpoint.method != Verb::GET {
            call = call.json(json!({}));
        }
        let response = call.await;
        assert_ne!(response.status, 401, "{}: {response:?}", endpoint.key());
    }
}

#[tokio::test]
async fn attack_84_nobody_is_signed_in_from_elsewhere() {
    let app = TestApp::open().await;
    app.post("/auth/register", person("ada")).await.expect(201);
    let credentials = json!({ "email": "ada@example.com", "password": PASSWORD });
    let forced = |path: &str, body: &Value, site: &'static str| {
        let call = app.post(path, body).header("Rolecall-Browser", "1");
        call.header("Sec-Fetch-Site", site)
    };
    let ada = app.sign_in("ada").actor().await;
    for site in ["cross-site", "same-site", "none"] {
        for (path, body) in [
            ("/auth/token", &credentials),
            ("/auth/token/refresh", &json!({ "refresh": ada.refresh })),
            ("/auth/token/revoke", &json!({ "refresh": ada.refresh })),
            ("/auth/accept-invitation", &json!({ "token": "x" })),
        ] {
            let response = forced(path, body, site).await.expect_problem(401, "unauthenticated");
            assert!(response.headers.get("set-cookie").is_none());
        }
    }
    // Where a bearer may come, a cookie from elsewhere does not count.
    let browser = Browser::signed_in(&app, "ada").await;
    let confirm = json!({ "token": "x" });
    let sent = browser.sent(Method::POST, "/auth/email-change/confirm").json(&confirm);
    sent.await.expect_problem(400, "invalid_token");
    // The session that was to be ended from elsewhere lives.
    ada.get("/me").await.expect(200);
    let form = format!("email=ada%40example.com&password={PASSWORD}");
    let response = app
        .request(Method::POST, "/auth/token")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Rolecall-Browser", "1")
        .body(form)
        .await
        .expect(415);
    assert!(response.headers.get("set-cookie").is_none());
    // Refreshing and signing out by the cookie ask for the page, too.
    let browser = Browser::signed_in(&app, "ada").await;
    for path in ["/auth/token/refresh", "/auth/token/revoke"] {
        browser.sent(Method::POST, path).json(json!({})).await.expect(422);
        let elsewhere = browser.page(Method::POST, path).header("Sec-Fetch-Site", "cross-site");
        elsewhere.json(json!({})).await.expect(401);
    }
    browser.page(Method::GET, "/me").await.expect(200);
}

#[tokio::test]
async fn attack_84_of_a_cookie_and_a_bearer_the_bearer_counts() {
    let app = TestApp::open().await;
    let (ada, bob) = (app.signed_in("ada").await, app.signed_in("bob").await);
    let browser = Browser::signed_in(&app, "ada").await;
    let who = |response: Response| response.expect(200).text_of("username");
    let call = || browser.page(Method::GET, "/me");
    assert_eq!(who(call().await), "ada");
    assert_eq!(who(call().bearer(&bob.access).await), "bob");
    // What is no token is not made good by a cookie.
    call().bearer("x").await.expect_problem(401, "unauthenticated");
    call().header("Authorization", "Basic eDp5").await.expect_problem(401, "unauthenticated");
    // A cookie is a token for nobody else: the header in which other APIs look has none.
    let event = json!({ "time": "2026-11-23T09:30:00Z", "version": "2.0",
        "routeKey": "GET /x", "headers": { "rolecall-browser": "1",
        "cookie": browser.cookies("/x") }, "cookies": [browser.cookies("/x")] });
    let decision = app.post("/_local/schedule/authorizer", event).await.expect(200).json();
    assert_eq!(decision["isAuthorized"], false);
    ada.get("/me").await.expect(200);
}

#[tokio::test]
async fn attack_84_no_page_of_another_origin_may_send_the_header() {
    let app = TestApp::open().await;
    let response = app
        .request(Method::OPTIONS, "/me")
        .header("Origin", "http://localhost:5173")
        .header("Access-Control-Request-Method", "GET")
        .header("Access-Control-Request-Headers", "rolecall-browser")
        .await
        .expect(204);
    let allowed = response.header("access-control-allow-headers");
    assert!(allowed.contains("authorization") && !allowed.contains("rolecall-browser"));
    assert!(response.headers.get("access-control-allow-credentials").is_none());
}

#[tokio::test]
async fn attack_85_no_page_sees_a_token() {
    let firm = Firm::new().await;
    firm.member("ada", "MY_COMPANY", &["admin"]).await;
    let mut browser = Browser::new(&firm.app);
    let mut bodies = vec![browser.sign_in("ada").await.to_string()];
    let mut tokens = browser.values();
    for (path, body) in [
        ("/auth/token/refresh", json!({})),
        ("/auth/switch-organization", json!({ "organization": "MY_COMPANY" })),
    ] {
        bodies.push(browser.send(Method::POST, path, body).await.expect(200).text);
        tokens.extend(browser.values());
    }
    for endpoint in functions::routes::all().iter().filter(|one| one.method == Verb::GET) {
        if endpoint.path.starts_with("/api/v1") {
            bodies.push(browser.page(Method::GET, &path(endpoint)).await.text);
        }
    }
    assert!(tokens.len() >= 9 && bodies.len() > 30);
    for token in &tokens {
        assert!(bodies.iter().all(|body| !body.contains(token.as_str())), "{token}");
    }
}

#[tokio::test]
async fn attack_85_a_mailed_token_stands_where_no_browser_sends_it() {
    let app = TestApp::new().await;
    app.post("/auth/register", person("ada")).await.expect(202);
    let mails = app.mails("ada@example.com", 1).await;
    for part in ["text", "html"] {
        let all = mails[0].text_of(part);
        let links = all.split(['"', ' ', '\n']).filter(|word| word.starts_with("http"));
        let with_token: Vec<&str> = links.filter(|link| link.contains("token=")).collect();
        assert!(!with_token.is_empty());
        for link in with_token {
            let (sent, kept) = link.split_once('#').unwrap();
            assert!(!sent.contains('?') && kept.starts_with("token="), "{link}");
        }
    }
}

#[tokio::test]
async fn attack_86_names_with_markup_stay_text_in_every_mail_and_local_page() {
    let app = TestApp::with_admin("verified").await;
    let admin = app.admin().await;
    let markup = "<img src=x onerror=alert(1)>";
    let firm = json!({ "code": "MARKUP", "name": markup, "description": markup });
    admin.post("/organizations", firm).await.expect(201);
    let invited = json!({ "email": "eve@example.com", "first_name": markup, "roles": [] });
    admin.post("/organizations/MARKUP/invitations", invited).await.expect(201);
    let mut ada = person("ada");
    ada["first_name"] = json!(markup);
    app.post("/auth/register", ada).await.expect(202);
    for to in ["eve@example.com", "ada@example.com"] {
        let mail = &app.mails(to, 1).await[0];
        assert!(!mail.text_of("html").contains("<img src=x"), "{mail}");
    }
    for page in ["/_local/", "/_local/mail"] {
        let text = app.get(page).await.expect(200).text;
        assert!(!text.contains("<img src=x"), "{page}");
    }
}
